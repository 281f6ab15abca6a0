using Bitacora.Records;

namespace Bitacora.Client.Draining;

/// <summary>
/// What became of batches, beside what the lanes count themselves. Whoever moves a batch from one place to another does so under
/// <see cref="Gate"/>, and so a reader who holds it sees each record once.
/// </summary>
internal sealed class Accounts
{
    /// <summary>Guards everything here, and the moves.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Records that were sent directly and are stored.</summary>
    public long Direct { get; private set; }

    /// <summary>Batches of them.</summary>
    public long Batches { get; private set; }

    /// <summary>Requests that failed.</summary>
    public long Errors { get; private set; }

    /// <summary>Direct requests after the first of each batch.</summary>
    public long Retries { get; private set; }

    /// <summary>Records that a spool took.</summary>
    public long Spooled { get; private set; }

    /// <summary>Whether the time to stop is over, and what memory holds is lost.</summary>
    public bool IsMemoryLost { get; private set; }

    /// <summary>The levels of what is lost with it, where they could be read.</summary>
    public LevelCounts LostLevels { get; private set; }

    public string? LastError { get; private set; }

    public void Stored(RecordBatch batch)
    {
        Direct += batch.Count;
        Batches++;
    }

    public void Sent(bool isRetry) => Retries += isRetry ? 1 : 0;

    public void Spool(RecordBatch batch) => Spooled += batch.Count;

    /// <summary>The time to stop is over. May come twice: the second time from a thread that went on after all, and knows levels.</summary>
    /// <returns>Whether that is new.</returns>
    public bool LoseMemory(in LevelCounts levels)
    {
        var isNew = !IsMemoryLost;
        (IsMemoryLost, LostLevels) = (true, levels);
        return isNew;
    }

    public void Failed(string reason)
    {
        Errors++;
        LastError = reason.Length > 200 ? reason[..200] : reason;
    }
}
