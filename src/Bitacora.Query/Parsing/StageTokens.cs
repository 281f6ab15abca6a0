using System.Globalization;

namespace Bitacora.Query.Parsing;

/// <summary>The words, names and numbers of a stage.</summary>
internal sealed class StageTokens(QuerySource source)
{
    internal int Position { get; set; }

    internal bool AtStageEnd => source.IsEnd(Position) || source.Text[Position] == '|';

    internal void SkipWhiteSpace() => Position = source.SkipWhiteSpace(Position);

    /// <summary>A run of anything but white space, <c>( ) |</c> and commas; may be empty.</summary>
    internal string Word()
    {
        int start = Position;
        while (!source.EndsWord(Position) && source.Text[Position] != ',')
        {
            Position++;
        }

        return source.Text[start..Position];
    }

    internal bool TrySkip(char expected)
    {
        if (source.IsEnd(Position) || source.Text[Position] != expected)
        {
            return false;
        }

        Position++;
        return true;
    }

    internal bool TryComma()
    {
        SkipWhiteSpace();
        return TrySkip(',');
    }

    /// <summary>Skips the word if it is the next one.</summary>
    internal bool TryWord(string word)
    {
        SkipWhiteSpace();
        if (!source.IsWord(Position, word))
        {
            return false;
        }

        Position += word.Length;
        return true;
    }

    /// <summary>A field's name.</summary>
    internal string Name(string stage)
    {
        SkipWhiteSpace();
        int start = Position;
        int end = TermReader.NameEnd(source.Text, start);
        if (end == start)
        {
            throw source.Error(start, AtStageEnd ? $"{stage} needs a field here" : $"{stage} needs a field, not '{Word()}'");
        }

        Position = end;
        return source.Text[start..end];
    }

    /// <summary>A column: a field's name, or a function such as <c>p95(duration_ms)</c>.</summary>
    internal (string Column, int Start) Column(string stage)
    {
        SkipWhiteSpace();
        int start = Position;
        string name = Name(stage);
        return TrySkip('(') ? ($"{name}({Argument(stage)})", start) : (name, start);
    }

    /// <summary>The field in parentheses whose opening one has been read.</summary>
    internal string Argument(string stage)
    {
        string argument = Name(stage);
        Close();
        return argument;
    }

    internal void Close()
    {
        SkipWhiteSpace();
        if (!TrySkip(')'))
        {
            throw source.Error(Position, "')' is missing");
        }
    }

    /// <summary>A whole number from 1 to the maximum.</summary>
    internal int Number(string stage, int maximum)
    {
        SkipWhiteSpace();
        int start = Position;
        string word = Word();
        bool isNumber = int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        return isNumber && number >= 1 && number <= maximum
            ? number
            : throw source.Error(start, string.Create(
                CultureInfo.InvariantCulture,
                $"{stage} needs a number from 1 to {maximum}{(word.Length == 0 ? "" : $", not '{word}'")}"));
    }
}
