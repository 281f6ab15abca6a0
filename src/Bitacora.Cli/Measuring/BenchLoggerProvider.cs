using Bitacora.Delivery;
using Bitacora.Extensions.Logging;

namespace Bitacora.Cli.Measuring;

/// <summary>The provider that applications have, with the destination of a command.</summary>
internal sealed class BenchLoggerProvider(BenchLoggerProvider.Options options, IBatchDestination destination)
    : QueueLoggerProvider(options, "bench", null, _ => destination, null)
{
    internal sealed class Options : QueueLoggerOptions
    {
        protected override void AddFaults(ICollection<string> faults)
        {
        }
    }
}
