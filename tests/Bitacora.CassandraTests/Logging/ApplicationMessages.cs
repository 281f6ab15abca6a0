using Microsoft.Extensions.Logging;

namespace Bitacora.CassandraTests.Logging;

internal static partial class ApplicationMessages
{
    [LoggerMessage(1, LogLevel.Information, "order {Order} of {Customer} placed")]
    public static partial void Placed(this ILogger logger, int order, string customer);
}
