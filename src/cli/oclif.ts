/** oclif, loaded when a command runs. Its parts are imported one by one: its index loads all of it. */
export {run} from '@oclif/core/run'
