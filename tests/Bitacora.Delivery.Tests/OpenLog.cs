using Bitacora.Records;
using Bitacora.Testing.Files;

namespace Bitacora.Delivery.Tests;

/// <summary>A log that was opened, with what the opening gave.</summary>
internal sealed class OpenLog : IDisposable
{
    public OpenLog(IWalFiles files, ulong durableThrough = 0, ulong usedThrough = 0, long fileBytes = 1 << 20)
    {
        Log = new WriteAheadLog(
            files, new WalOptions { FileBytes = fileBytes }, TimeProvider.System, (message, _) => FailedFast = message);
        Recovered = [.. Log.Recover(durableThrough, usedThrough)];
    }

    public WriteAheadLog Log { get; }

    public List<WalEntry> Recovered { get; }

    public string? FailedFast { get; private set; }

    public ulong Write(params RecordBatch[] batches)
    {
        var sequence = Log.Append(batches);
        Log.Flush();
        return sequence;
    }

    public void Dispose() => Log.Dispose();

    /// <summary>A log of batches, closed.</summary>
    public static FaultyFiles With(params RecordBatch[] batches)
    {
        var files = new FaultyFiles();
        using var log = new OpenLog(files);
        foreach (var batch in batches)
        {
            log.Write(batch);
        }

        return files;
    }
}
