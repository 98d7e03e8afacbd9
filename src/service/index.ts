/** What long-running processes have in common: settings, log, metrics, HTTP, and how they end. */
export { runUntilStopped, type LifecycleOptions, type SignalHost } from "./lifecycle.ts";
export { createLogger, type Logger, type LogOptions } from "./logger.ts";
export { LOG_LEVELS, type LogLevel } from "./logLevels.ts";
export { Metrics, type MetricOptions } from "./metrics.ts";
export {
  serve,
  SERVICE_LIMITS,
  type ServiceLimits,
  type ServiceServer,
  type ServiceServerOptions,
} from "./serviceServer.ts";
export * from "./settingKinds.ts";
export {
  checkSettingsConfig,
  optionalSetting,
  placesOf,
  readSettings,
  requiredSetting,
  setting,
  type Setting,
  type SettingIssue,
  type SettingKind,
  type SettingPlaces,
  type Settings,
  type SettingsConfig,
  type SettingSources,
  type SettingValues,
} from "./settings.ts";
