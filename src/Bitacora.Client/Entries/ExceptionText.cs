using System.Globalization;
using System.Text;

namespace Bitacora.Client.Entries;

/// <summary>An exception as traceback.</summary>
/// <remarks>
/// <see cref="Exception.ToString"/> and <see cref="AggregateException.Message"/> call themselves for each cause, and copy what they got:
/// who wraps an exception at each retry has a chain that costs seconds, and in the end the thread's stack and with it the process. So
/// causes are counted first, without recursion and never more than <see cref="MostCounted"/> (exceptions may cause each other in a
/// circle).
/// </remarks>
internal static class ExceptionText
{
    /// <summary>Of a longer chain, or a larger tree, so many are told.</summary>
    private const int MostTold = 100;

    private const int MostCounted = 100_000;

    /// <summary>The exception with its causes, all of them where it gathers several, and their stacks.</summary>
    public static string Of(Exception exception)
    {
        try
        {
            return HasFewCauses(exception) ? exception.ToString() : OfMany(exception);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return $"{exception.GetType().FullName}: (its text cannot be made: {failure.GetType().FullName})\n{StackOf(exception)}";
        }
    }

    /// <summary>What is left where the process ended before the text was made.</summary>
    public static string Of(string type, string message, int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"{type}: {message}\n   (0x{number:X8}; the process ended before the stack was written)");

    /// <summary>The exception's message, which of several causes has the message of each.</summary>
    public static string MessageOf(Exception exception) =>
        exception is not AggregateException || HasFewCauses(exception) ? exception.Message : "(It has too many causes for a message.)";

    private static bool HasFewCauses(Exception exception) =>
        exception.InnerException is null || Count(exception, MostTold + 1, static _ => { }) <= MostTold;

    private static string OfMany(Exception exception)
    {
        var text = new StringBuilder();
        var told = 0;
        var count = Count(exception, MostCounted, next =>
        {
            if (told++ < MostTold)
            {
                Append(text, next);
            }
        });
        var more = count - MostTold;
        return text.Append(
            CultureInfo.InvariantCulture,
            $" ---> ({(count < MostCounted ? "" : "at least ")}{more} more {(more == 1 ? "cause is" : "causes are")} left out)").ToString();
    }

    /// <summary>Counts an exception and its causes, each before its own causes, as often as the whole text would have it.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="most">Where counting ends.</param>
    /// <param name="each">Called with each.</param>
    private static int Count(Exception exception, int most, Action<Exception> each)
    {
        var waiting = new Stack<Exception>();
        waiting.Push(exception);
        var count = 1;
        while (waiting.TryPop(out var next))
        {
            each(next);
            if (next is AggregateException { InnerExceptions: var causes })
            {
                var taken = Math.Min(causes.Count, most - count);
                count += taken;
                for (var i = taken - 1; i >= 0; i--)
                {
                    waiting.Push(causes[i]);
                }
            }
            else if (next.InnerException is { } cause && count < most)
            {
                count++;
                waiting.Push(cause);
            }
        }

        return count;
    }

    private static void Append(StringBuilder text, Exception exception)
    {
        text.Append(text.Length > 0 ? " ---> " : "").Append(exception.GetType().FullName);
        if (exception is not AggregateException)
        {
            text.Append(": ").Append(MessageOrFault(exception));
        }

        text.Append('\n');
        if (StackOf(exception) is { Length: > 0 } stack)
        {
            text.Append(stack).Append('\n');
        }
    }

    private static string MessageOrFault(Exception exception)
    {
        try
        {
            return exception.Message;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return $"(its message cannot be had: {failure.GetType().FullName})";
        }
    }

    private static string? StackOf(Exception exception)
    {
        try
        {
            return exception.StackTrace;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return $"   (its stack cannot be had: {failure.GetType().FullName})";
        }
    }
}
