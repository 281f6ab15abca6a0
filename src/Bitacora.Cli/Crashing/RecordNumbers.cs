namespace Bitacora.Cli.Crashing;

/// <summary>Numbers the records sent between two kills, and ends at a limit. Connections take from it at once.</summary>
internal sealed class RecordNumbers(int limit)
{
    private int _next;

    /// <summary>The next numbers, or null when enough were given.</summary>
    public (int First, int Count)? Take(int count)
    {
        var first = Interlocked.Add(ref _next, count) - count;
        return first + count <= limit ? (first, count) : null;
    }
}
