using Microsoft.Extensions.Logging;

namespace Bitacora.Benchmarks.Logging;

internal static partial class BenchMessages
{
    [LoggerMessage(1, LogLevel.Information, "nothing to fill in")]
    public static partial void Simple(ILogger logger);

    [LoggerMessage(2, LogLevel.Information, "order {Order} of {Customer} took {Elapsed} ms")]
    public static partial void Structured(ILogger logger, int order, string customer, double elapsed);
}
