using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Tests;

/// <summary>Methods of a generic type: of what its parameter stands for, the generator knows nothing.</summary>
internal static partial class MessagesOf<T>
{
    [LoggerMessage(1, LogLevel.Information, "{A} {B} {C} {D} {E} {F} {G}")]
    public static partial void Seven(ILogger logger, T a, int b, int c, int d, int e, int f, int g);
}
