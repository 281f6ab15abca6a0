namespace Bitacora.Client.Spooling;

/// <summary>Whose a directory of the spool is: which application's, and for which destination. It stands in a file of two lines.</summary>
/// <remarks>
/// An application's logs go wherever that application logs now: who moves a server, or turns http into https, wants what waits to be sent
/// there. Logs of others go only to the destination that they were for, so that one server is not told what was meant for another. Who
/// cannot tell where it sends takes over its own only.
/// </remarks>
internal sealed record SpoolOwner(string? Destination, string Source)
{
    private const string Name = "owner";

    /// <summary>Writes it into a directory that is new.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="flush">Whether it is forced to the disk, as the logs beside it will be.</param>
    /// <exception cref="IOException">The disk is full or faulty.</exception>
    public void Write(string path, bool flush)
    {
        var text = $"{OneLine(Destination ?? "")}\n{OneLine(Source)}\n";
        using var file = new FileStream(Path.Combine(path, Name), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text));
        file.Flush(flush);
    }

    /// <summary>
    /// Null where nobody is named: an earlier version made the directory, somebody removed the file, or the power failed before it was
    /// written. That is anybody's, as every directory was before.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SpoolOwner? Read(string path)
    {
        var file = Path.Combine(path, Name);
        return File.Exists(file) && File.ReadAllText(file).Split('\n') is [var destination, { Length: > 0 } source, ""]
            ? new SpoolOwner(destination.Length > 0 ? destination : null, source)
            : null;
    }

    /// <summary>Removes it from a directory.</summary>
    public static void Remove(string path) => File.Delete(Path.Combine(path, Name));

    /// <summary>Whether this one takes over what another left.</summary>
    public bool MayAdopt(SpoolOwner? left) =>
        left is null || left.Source == OneLine(Source) || (Destination is not null && left.Destination == OneLine(Destination));

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
