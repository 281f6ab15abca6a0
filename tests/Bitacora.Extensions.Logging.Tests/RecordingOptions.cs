namespace Bitacora.Extensions.Logging.Tests;

internal sealed class RecordingOptions : QueueLoggerOptions
{
    protected override void AddFaults(ICollection<string> faults)
    {
    }
}
