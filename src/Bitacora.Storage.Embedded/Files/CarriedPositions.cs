using System.Globalization;
using System.Text.Json;
using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Storage.Embedded.Files;

/// <summary>
/// <c>positions.json</c>: positions of origins in use whose records went with retention. It is replaced before their file is deleted: after
/// a crash they are there, here, or in both, which is the same.
/// </summary>
internal sealed class CarriedPositions(string directory)
{
    private readonly string _path = Path.Combine(directory, "positions.json");

    /// <summary>Why the file could not be read when that was last tried, in words; null where it could, or is missing.</summary>
    public string? Problem { get; private set; }

    /// <summary>What was carried over; nothing where that is missing or cannot be read.</summary>
    public IReadOnlyList<OriginPositions> Read()
    {
        try
        {
            var lines = JsonSerializer.Deserialize<List<Line>>(File.ReadAllBytes(_path)) ?? [];
            List<OriginPositions> positions = [.. lines.Select(line => line.ToPositions())];
            Problem = null;
            return positions;
        }
        catch (FileNotFoundException)
        {
            Problem = null;
            return [];
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Damage may be anything, a number too large or an array too short.
            Problem = "The file positions.json cannot be read: records that retention deleted are stored again if their sender sends them "
                + "again. Stop the server, put a good copy of the file in its place or delete it, and start the server again. "
                + (error is JsonException or IOException or UnauthorizedAccessException ? error.Message : "It holds no positions.");
            return [];
        }
    }

    /// <summary>Replaces it.</summary>
    /// <exception cref="IOException">It could not be written; the earlier one is there.</exception>
    public void Write(IReadOnlyList<OriginPositions> positions)
    {
        if (positions.Count > 0 || File.Exists(_path))
        {
            DurableFile.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(positions.Select(Line.Of)));
        }
    }

    /// <summary>As <see cref="Write"/>; false where the disk is full.</summary>
    public bool TryWrite(IReadOnlyList<OriginPositions> positions)
    {
        try
        {
            Write(positions);
            return true;
        }
        catch (IOException error) when (DurableFile.IsDiskFull(error))
        {
            return false;
        }
    }

    /// <param name="Sender">Sixteen hexadecimal digits.</param>
    /// <param name="Origin">Thirty-two.</param>
    /// <param name="LastSeen">Ticks since 1970.</param>
    /// <param name="Ranges">Pairs: the first position and the one behind the last.</param>
    private sealed record Line(string Sender, string Origin, long LastSeen, IReadOnlyList<ulong[]> Ranges)
    {
        public static Line Of(OriginPositions positions) => new(
            positions.Sender.ToString(),
            positions.Origin.ToString(),
            positions.LastSeen,
            [.. positions.Ranges.Select(range => (ulong[])[range.First, range.End])]);

        public OriginPositions ToPositions() => new(
            new SenderId(ulong.Parse(Sender, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)),
            new Origin(UInt128.Parse(Origin, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)),
            [.. Ranges.Select(range => new PositionRange(range[0], range[1]))],
            LastSeen);
    }
}
