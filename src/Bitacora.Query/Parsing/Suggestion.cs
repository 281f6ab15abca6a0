namespace Bitacora.Query.Parsing;

/// <summary>Finds what someone probably meant to write.</summary>
internal static class Suggestion
{
    /// <summary>The candidate with the fewest edits, regardless of case, or null if none is near.</summary>
    internal static string? For(string word, IReadOnlyList<string> candidates)
    {
        if (word.Length is 0 or > 64)
        {
            return null;
        }

        string lower = word.ToLowerInvariant();
        string? best = null;
        int least = Math.Max(1, word.Length / 2) + 1;
        foreach (string candidate in candidates)
        {
            int edits = Distance(lower, candidate.ToLowerInvariant());
            if (edits < least)
            {
                least = edits;
                best = candidate;
            }
        }

        return best;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours between two words (Damerau and Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        int[,] edits = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                edits[i, j] = i == 0 || j == 0 ? i + j : Step(left, right, edits, i, j);
            }
        }

        return edits[left.Length, right.Length];
    }

    private static int Step(string left, string right, int[,] edits, int i, int j)
    {
        int replaced = edits[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
        int least = Math.Min(replaced, Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1);
        bool isSwap = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
        return isSwap ? Math.Min(least, edits[i - 2, j - 2] + 1) : least;
    }
}
