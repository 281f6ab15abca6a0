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

    /// <summary>Whether a batch of which the server had records already was this batch, and not one of another file.</summary>
    public static async Task<bool> IsKnownAsync(RecordBatch batch, BitacoraClient client, CancellationToken cancellationToken)
    {
        foreach (var origin in batch.Origins.ToArray().Where(origin => !origin.Origin.IsByteOffsets))
        {
            if (!Contains(await client.GetOriginAsync(origin.Origin, cancellationToken), origin.First))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Contains(IReadOnlyList<PositionRange> ranges, ulong position) =>
        ranges.Any(range => range.First <= position && position < range.End);
}
