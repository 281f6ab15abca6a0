namespace Bitacora.Server.Configuration;

/// <summary>What somebody probably meant who wrote the key of no setting.</summary>
internal static class NearestSetting
{
    /// <summary>The nearest key by edit distance, or null where none is near.</summary>
    public static string? To(string key)
    {
        // A key is short; a file may hold anything.
        var written = key.ToLowerInvariant();
        if (written.Length > 64)
        {
            return null;
        }

        var nearest = Settings.All.MinBy(setting => Distance(setting.Key, written))!.Key;
        return Distance(nearest, written) <= Math.Max(2, written.Length / 3) ? nearest : null;
    }

    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
