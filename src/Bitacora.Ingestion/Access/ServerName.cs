namespace Bitacora.Ingestion.Access;

/// <summary>Access lines do not say who wrote them; the path of their file usually does.</summary>
internal static class ServerName
{
    private static readonly (string Word, byte[] Source)[] Known =
    [
        ("nginx", "nginx"u8.ToArray()), ("apache", "apache"u8.ToArray()), ("httpd", "apache"u8.ToArray()),
    ];

    /// <summary>The server that a path names; empty for none. Of several the last: a folder may hold other programs' files.</summary>
    public static byte[] Of(string? path)
    {
        var (source, found) = (Array.Empty<byte>(), -1);
        foreach (var (word, name) in Known)
        {
            if (path is not null && LastWord(path, word) is var at && at > found)
            {
                (source, found) = (name, at);
            }
        }

        return source;
    }

    /// <summary>Where a word stands last, not as a part of a longer one such as <c>lighttpd</c>; -1 for nowhere.</summary>
    private static int LastWord(string path, string word)
    {
        for (var end = path.Length; end > 0;)
        {
            var at = path.LastIndexOf(word, end - 1, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
            {
                break;
            }

            if ((at == 0 || !char.IsLetter(path[at - 1])) && (at + word.Length == path.Length || !char.IsLetter(path[at + word.Length])))
            {
                return at;
            }

            end = at;
        }

        return -1;
    }
}
