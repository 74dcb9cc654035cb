export {CacheFolder} from './folder.js'
export {identityOf} from './identity.js'
export {cacheLimits} from './limits.js'
export {type CacheStatus, cacheStatus, cleanCache} from './trim.js'
