using System.Buffers;
using System.Globalization;
using System.Text;

namespace Bitacora.Server.Senders;

/// <summary>
/// The header <c>Bitacora-Sender</c>: a dictionary as in RFC 8941, of which strings, integers, decimals and booleans are read. Counters are
/// of records since the sender's process began. Only what this version knows is kept, and of reasons for drops the first sixteen.
/// </summary>
internal sealed record SenderHeader
{
    public const string Name = "Bitacora-Sender";

    private const int MaxLength = 4096;
    private const int MaxText = 200;
    private const int MaxDrops = 16;

    // Sums of counters must fit, whatever somebody says.
    private const decimal MaxNumber = 1_000_000_000_000_000;
    private const string DropPrefix = "dropped-";

    private static readonly string[] _knownTexts = ["name", "host", "client", "last-error"];

    private static readonly string[] _knownNumbers =
        ["process", "since", "accepted", "delivered", "waiting", "batches", "retries", "spooled", "replayed", "oldest"];

    private static readonly SearchValues<char> _ofNumbers = SearchValues.Create("-.0123456789");

    private readonly Dictionary<string, string> _texts = [];
    private readonly Dictionary<string, decimal> _numbers = [];

    private SenderHeader()
    {
    }

    /// <summary>The sender's name; its source, mostly.</summary>
    public string Sender => Text("name") ?? "";

    /// <summary>A text that the sender says; null where it does not.</summary>
    public string? Text(string key) => _texts.GetValueOrDefault(key);

    /// <summary>A number that the sender says; null where it does not.</summary>
    public decimal? Number(string key) => _numbers.TryGetValue(key, out var number) ? number : null;

    /// <summary>A counter that the sender says, whole and not negative; null where it does not.</summary>
    public long? Counter(string key) => Number(key) is { } number and >= 0 ? (long)number : null;

    /// <summary>Records that the sender has dropped, for whatever reason.</summary>
    public long Dropped => Drops.Sum(drop => drop.Value);

    /// <summary>The reasons for which it has dropped records, with how many.</summary>
    public IEnumerable<KeyValuePair<string, long>> Drops => _numbers
        .Where(number => IsDrop(number.Key) && number.Value > 0)
        .Select(number => KeyValuePair.Create(number.Key[DropPrefix.Length..], (long)number.Value))
        .OrderBy(drop => drop.Key, StringComparer.Ordinal);

    /// <summary>Reads a header; false where it has another form, is longer than 4 KiB, or names nobody.</summary>
    public static bool TryParse(string text, out SenderHeader header)
    {
        header = new SenderHeader();
        return text.Length <= MaxLength && header.TryRead(text) && header.Sender.Length > 0;
    }

    private bool TryRead(ReadOnlySpan<char> text)
    {
        text = text.Trim(' ');
        while (true)
        {
            var length = 0;
            while (length < text.Length && IsKey(text[length], isFirst: length == 0))
            {
                length++;
            }

            if (length == 0)
            {
                return false;
            }

            var key = text[..length].ToString();
            text = text[length..];
            if (text is ['=', ..])
            {
                text = text[1..];
                if (!TryReadValue(key, ref text))
                {
                    return false;
                }
            }

            text = text.TrimStart(" \t");
            if (text.IsEmpty)
            {
                return true;
            }

            if (text[0] != ',')
            {
                return false;
            }

            text = text[1..].TrimStart(" \t");
        }
    }

    private bool TryReadValue(string key, ref ReadOnlySpan<char> text)
    {
        switch (text)
        {
            case ['"', ..]:
                return TryReadText(key, ref text);
            case ['?', '0' or '1', ..]:
                text = text[2..];
                return true;
            default:
                var end = text.IndexOfAnyExcept(_ofNumbers);
                end = end < 0 ? text.Length : end;
                if (end is 0 or > 20 || !decimal.TryParse(
                    text[..end], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                    out var number))
                {
                    return false;
                }

                Keep(key, Math.Clamp(number, -MaxNumber, MaxNumber));
                text = text[end..];
                return true;
        }
    }

    private bool TryReadText(string key, ref ReadOnlySpan<char> text)
    {
        var value = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            var character = text[i];
            if (character == '"')
            {
                if (_knownTexts.Contains(key))
                {
                    _texts[key] = value.Length <= MaxText ? value.ToString() : value.ToString(0, MaxText);
                }

                text = text[(i + 1)..];
                return true;
            }

            if (character == '\\')
            {
                if (++i == text.Length || text[i] is not ('"' or '\\'))
                {
                    return false;
                }

                character = text[i];
            }
            else if (character is < ' ' or > '~')
            {
                return false;
            }

            value.Append(character);
        }

        return false;
    }

    private void Keep(string key, decimal number)
    {
        if (_knownNumbers.Contains(key) || (IsDrop(key) && (_numbers.ContainsKey(key) || _numbers.Keys.Count(IsDrop) < MaxDrops)))
        {
            _numbers[key] = number;
        }
    }

    private static bool IsDrop(string key) => key.StartsWith(DropPrefix, StringComparison.Ordinal);

    private static bool IsKey(char character, bool isFirst) =>
        character is (>= 'a' and <= 'z') or '*' || (!isFirst && character is (>= '0' and <= '9') or '_' or '-' or '.');
}
