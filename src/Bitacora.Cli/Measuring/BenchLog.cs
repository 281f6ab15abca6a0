using Microsoft.Extensions.Logging;

namespace Bitacora.Cli.Measuring;

/// <summary>What the benchmark logs, as applications write it.</summary>
internal static partial class BenchLog
{
    private static readonly Func<ILogger, string, string, IDisposable?> Request =
        LoggerMessage.DefineScope<string, string>("request {RequestId} of {Tenant}");

    public static IDisposable? InRequest(this ILogger logger) => Request(logger, "bench-request", "north");

    [LoggerMessage(LogLevel.Information, "order {Order} of {Customer} took {Elapsed} ms")]
    public static partial void OrderTaken(this ILogger logger, int order, string customer, double elapsed);
}
