namespace Shop.Web;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "order {Order} of {Amount:0.00} shown")]
    public static partial void OrderShown(this ILogger logger, int order, double amount);

    [LoggerMessage(LogLevel.Error, "order {Order} cannot be shown")]
    public static partial void OrderRefused(this ILogger logger, int order, Exception exception);
}
