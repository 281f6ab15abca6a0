using System.Globalization;
using Bitacora.Records;
using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Tests;

/// <summary>Logging as an application has it, with the recording provider behind it.</summary>
internal sealed class TestLogging : IDisposable
{
    public TestLogging(
        RecordingOptions? options = null, ActivityTrackingOptions tracking = ActivityTrackingOptions.None, bool isAlone = false)
    {
        Provider = new RecordingProvider(options);
        Factory = LoggerFactory.Create(builder =>
        {
            builder.SetMinimumLevel(LogLevel.Trace).Configure(factory => factory.ActivityTrackingOptions = tracking).AddProvider(Provider);
            if (!isAlone)
            {
                builder.AddProvider(Texts);
            }
        });
        Logger = Factory.CreateLogger("Shop.Orders");
    }

    public RecordingProvider Provider { get; }

    /// <summary>What the framework's own formatters say, call by call.</summary>
    public FormattedTexts Texts { get; } = new();

    public ILoggerFactory Factory { get; }

    public ILogger Logger { get; }

    public Task<LogRecord> RecordAsync() => Provider.RecordAsync();

    public Task<IReadOnlyList<LogRecord>> RecordsAsync() => Provider.RecordsAsync();

    /// <summary>An attribute of a record as <c>type:text</c>; null where there is none.</summary>
    public static string? Attribute(LogRecord record, string name)
    {
        foreach (var (known, value) in record.Attributes)
        {
            if (known == name)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{value.Type}:{value.Text}");
            }
        }

        return null;
    }

    public void Dispose()
    {
        Factory.Dispose();
        Provider.Dispose();
    }
}
