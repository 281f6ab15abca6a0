using Bitacora.Records;
using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Tests;

/// <summary>The provider with a destination that keeps what it is given.</summary>
[ProviderAlias("Recording")]
internal sealed class RecordingProvider : QueueLoggerProvider
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Recorder _recorder;

    public RecordingProvider(Recorder recorder, RecordingOptions options, IServiceProvider? services = null, TimeProvider? clock = null)
        : base(options, "Logging:Recording", services, _ => recorder, clock) => _recorder = recorder;

    public RecordingProvider(RecordingOptions? options = null, IServiceProvider? services = null)
        : this(new Recorder(), options ?? new RecordingOptions(), services)
    {
    }

    /// <summary>What has arrived, after everything has.</summary>
    public async Task<IReadOnlyList<LogRecord>> RecordsAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        (await FlushAsync(patience.Token)).ShouldBeTrue();
        return _recorder.Records;
    }

    /// <summary>The only record.</summary>
    public async Task<LogRecord> RecordAsync() => (await RecordsAsync()).ShouldHaveSingleItem();

    public new void Reload(QueueLoggerOptions options) => base.Reload(options);
}
