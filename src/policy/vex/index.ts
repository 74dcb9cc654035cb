export {attestedDocuments} from './attested.js'
export {vexDocuments} from './documents.js'
export {vexJudge} from './judge.js'
export type {VexDocument, VexProduct, VexStatement, VexStatus} from './statement.js'
