namespace Bitacora.Extensions.Logging.Configuration;

/// <summary>Reads what every provider has.</summary>
internal static class QueueLoggerSettings
{
    public static void Read(SettingReader settings, QueueLoggerOptions options)
    {
        settings.Text(nameof(options.Source), value => options.Source = value);
        settings.Text(nameof(options.Host), value => options.Host = value);
        settings.Number(nameof(options.BatchSize), (int value) => options.BatchSize = value);
        settings.Time(nameof(options.FlushPeriod), value => options.FlushPeriod = value);
        settings.Number(nameof(options.QueueCapacity), (int value) => options.QueueCapacity = value);
        settings.Number(nameof(options.QueueBytes), (int value) => options.QueueBytes = value);
        settings.Number(nameof(options.MaxBatchBytes), (int value) => options.MaxBatchBytes = value);
        settings.Text(nameof(options.SpoolDirectory), value => options.SpoolDirectory = value);
        settings.Number(nameof(options.MaxSpoolBytes), (long value) => options.MaxSpoolBytes = value);
        settings.Choice<Client.SpoolFullMode>(nameof(options.SpoolFullMode), value => options.SpoolFullMode = value);
        settings.Choice<Client.SpoolFsync>(nameof(options.Fsync), value => options.Fsync = value);
        settings.Time(nameof(options.ShutdownTimeout), value => options.ShutdownTimeout = value);
        settings.Truth(nameof(options.IncludeScopes), value => options.IncludeScopes = value);
        settings.List(nameof(options.RequestIdKeys), value => options.RequestIdKeys = value);
        settings.List(nameof(options.UserIdKeys), value => options.UserIdKeys = value);
        settings.List(nameof(options.SessionIdKeys), value => options.SessionIdKeys = value);
        settings.List(nameof(options.DurationKeys), value => options.DurationKeys = value);
    }
}
