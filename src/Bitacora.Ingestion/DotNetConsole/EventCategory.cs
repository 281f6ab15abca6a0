using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.DotNetConsole;

/// <summary><c>Shop.Orders[7]</c>: who logs, and the number of the event.</summary>
internal static class EventCategory
{
    /// <summary>Takes both and the blank behind them, if the line goes on. A category has no blanks.</summary>
    public static bool TryTake(scoped ref ByteCursor text, out ReadOnlySpan<byte> category, out long eventId)
    {
        category = default;
        eventId = 0;
        var word = text.TakeWord();
        if (word.IsEmpty || word[^1] != ']')
        {
            return false;
        }

        var bracket = word.LastIndexOf((byte)'[');
        if (bracket <= 0)
        {
            return false;
        }

        category = word[..bracket];
        var id = new ByteCursor(word[(bracket + 1)..^1]);
        var isNegative = id.TryTake((byte)'-');
        if (!id.TryTakeNumber(out eventId) || !id.IsAtEnd)
        {
            return false;
        }

        eventId = isNegative ? -eventId : eventId;
        text.TryTake((byte)' ');
        return true;
    }
}
