using System.Globalization;

namespace Bitacora.Client.Entries;

/// <summary>An exception as traceback.</summary>
internal static class ExceptionText
{
    /// <summary>The exception with its causes, all of them where it gathers several, and their stacks.</summary>
    public static string Of(Exception exception)
    {
        try
        {
            return exception.ToString();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return $"{exception.GetType().FullName}: (its text cannot be made: {failure.GetType().FullName})\n{exception.StackTrace}";
        }
    }

    /// <summary>What is left where the process ended before the text was made.</summary>
    public static string Of(string type, string message, int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"{type}: {message}\n   (0x{number:X8}; the process ended before the stack was written)");
}
