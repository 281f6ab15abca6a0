using Microsoft.Extensions.Logging;

namespace Shop.Worker;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "order {Order} packed in {DurationMs}")]
    public static partial void Packed(this ILogger logger, int order, TimeSpan durationMs);

    [LoggerMessage(LogLevel.Warning, "the last parcel is out")]
    public static partial void Closed(this ILogger logger);
}
