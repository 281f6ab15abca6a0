using Bitacora.Client;
using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Cli.Ingesting;

/// <summary>Compares what a server has of an origin with a file, by the witnesses of the batches that ended there.</summary>
internal sealed class StoredContent(InputFile file, BitacoraClient client)
{
    /// <summary>
    /// Whether the file has, before each end of what is stored, the bytes that were stored there. A file that is shorter has not.
    /// </summary>
    public async Task<bool> IsOfFileAsync(Origin origin, IReadOnlyList<PositionRange> stored, CancellationToken cancellationToken)
    {
        await file.RewindAsync();
        var content = new RecentContent(file.Content, 0);
        var known = (Origin: origin, Witnesses: (IReadOnlyList<PositionRange>)[]);
        foreach (var range in stored)
        {
            var end = (long)range.End;
            if (file.Content.CanSeek)
            {
                var from = Math.Max(0, end - ContentWitness.Reach);
                file.Content.Position = from;
                content = new RecentContent(file.Content, from);
            }

            await content.SkipToAsync(end, cancellationToken);
            if (content.Position < end)
            {
                return false;
            }

            var witness = ContentWitness.Of(origin, range.End, content.Before(end, ContentWitness.Reach));
            if (known.Origin != witness.Origin)
            {
                known = (witness.Origin, await client.GetOriginAsync(witness.Origin, cancellationToken));
            }

            if (!Contains(known.Witnesses, witness.First))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Whether records that the server had already were this file's, and not those of another that begins alike and is sent by somebody
    /// else at the same moment: they were known before, or the whole batch was there with its witness, as it is when an answer was
    /// lost.
    /// </summary>
    public static async Task<bool> IsOfFileAsync(
        RecordBatch batch, SendResult result, IReadOnlyList<PositionRange> stored, BitacoraClient client,
        CancellationToken cancellationToken)
    {
        var origins = batch.Origins.ToArray();
        if (stored.Any(range => origins.Any(one => one.Origin.IsByteOffsets && range.First < one.End && one.First < range.End)))
        {
            return true;
        }

        foreach (var witness in origins.Where(one => !one.Origin.IsByteOffsets))
        {
            if (result.Duplicates < result.Accepted
                || !Contains(await client.GetOriginAsync(witness.Origin, cancellationToken), witness.First))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Contains(IReadOnlyList<PositionRange> ranges, ulong position) =>
        ranges.Any(range => range.First <= position && position < range.End);
}
