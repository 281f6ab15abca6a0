using System.Text;
using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.PostgreSql;

/// <summary>
/// A setting of <c>log_line_prefix</c>, compiled. Names in a prefix may hold anything, what follows them too: where a line does not fit,
/// they are tried longer, so often as is bounded.
/// </summary>
internal sealed class LogLinePrefix
{
    /// <summary>Names of users, databases and applications have 63 bytes, of hosts 255.</summary>
    private const int LongestText = 256;

    /// <summary>No setting that a person wrote comes near; it bounds the recursion.</summary>
    private const int MostSteps = 100;

    private readonly PrefixStep[] _steps;

    private LogLinePrefix(PrefixStep[] steps) => _steps = steps;

    /// <summary>
    /// Settings that are known without being said: Debian's, of which upstream's <c>%m [%p] </c> is the start, pgBadger's two, that of
    /// Amazon's RDS, and one with the time in seconds.
    /// </summary>
    public static LogLinePrefix[] Known { get; } =
    [
        Compile("%m [%p] %q%u@%d "),
        Compile("%t [%p]: [%l-1] %quser=%u,db=%d,app=%a,client=%h "),
        Compile("%t [%p]: [%l-1] user=%u,db=%d "),
        Compile("%t:%r:%u@%d:[%p]:"),
        Compile("%n [%p] "),
    ];

    public static LogLinePrefix Compile(string setting)
    {
        var steps = new List<PrefixStep>();
        var literal = new StringBuilder();
        for (var i = 0; i < setting.Length; i++)
        {
            if (setting[i] != '%')
            {
                literal.Append(setting[i]);
                continue;
            }

            var width = TakeWidth(setting, ref i);
            if (i >= setting.Length)
            {
                break;
            }

            if (setting[i] == '%')
            {
                literal.Append('%');
            }
            else if (PrefixStep.Of(setting[i], width) is { } step)
            {
                EndLiteral();
                steps.Add(step);
            }
        }

        EndLiteral();
        return new LogLinePrefix([.. steps.Take(MostSteps)]);

        void EndLiteral()
        {
            if (literal.Length > 0)
            {
                var bytes = Encoding.UTF8.GetBytes(literal.ToString());
                steps.Add(new PrefixStep(PrefixStepKind.Literal, PostgreSqlField.Count, bytes, 0));
                literal.Clear();
            }
        }
    }

    /// <summary>Whether a line has this prefix, with a label behind it.</summary>
    public bool TryMatch(ReadOnlySpan<byte> line, PrefixMatch match)
    {
        match.Begin();
        return Match(line, 0, 0, match);
    }

    /// <summary>Steps over a percent sign and the width behind it; the place is then that of the letter.</summary>
    private static int TakeWidth(string setting, ref int at)
    {
        at++;
        var isLeft = at < setting.Length && setting[at] == '-';
        at += isLeft ? 1 : 0;
        var width = 0;
        for (; at < setting.Length && char.IsAsciiDigit(setting[at]); at++)
        {
            width = Math.Min((width * 10) + setting[at] - '0', LongestText);
        }

        return isLeft ? -width : width;
    }

    private bool Match(ReadOnlySpan<byte> line, int at, int step, PrefixMatch match)
    {
        for (; step < _steps.Length; step++)
        {
            var next = _steps[step];
            switch (next.Kind)
            {
                case PrefixStepKind.Literal:
                    if (!line[at..].StartsWith(next.Literal))
                    {
                        return false;
                    }

                    at += next.Literal.Length;
                    break;
                case PrefixStepKind.End:
                    if (match.TryEnd(line, at))
                    {
                        return true;
                    }

                    break;
                case PrefixStepKind.Text:
                    return MatchText(line, at, step, match);
                default:
                    if (!TryTakeShape(next, line, ref at, match))
                    {
                        return false;
                    }

                    break;
            }
        }

        return match.TryEnd(line, at);
    }

    /// <summary>The shortest text behind which the rest of the prefix fits.</summary>
    private bool MatchText(ReadOnlySpan<byte> line, int start, int step, PrefixMatch match)
    {
        var next = _steps[step];
        var literal = step + 1 < _steps.Length ? _steps[step + 1].Literal : [];
        var last = Math.Min(line.Length, start + LongestText);
        for (var end = start + Math.Abs(next.Width); end <= last; end++)
        {
            if (literal.Length > 0)
            {
                var ahead = line[end..Math.Min(line.Length, last + literal.Length)].IndexOf(literal);
                if (ahead < 0)
                {
                    return false;
                }

                end += ahead;
            }

            if (match.Tries-- <= 0)
            {
                return false;
            }

            if (Match(line, end, step + 1, match))
            {
                SetTrimmed(next, line, start, end, match);
                return true;
            }
        }

        return false;
    }

    private static bool TryTakeShape(PrefixStep step, ReadOnlySpan<byte> line, ref int at, PrefixMatch match)
    {
        var cursor = new ByteCursor(line) { At = at };
        while (step.Width > 0 && cursor.At - at < step.Width && cursor.Next == ' ')
        {
            cursor.At++;
        }

        if (!PrefixShapes.TryTake(step.Kind, ref cursor))
        {
            return false;
        }

        while (cursor.At - at < -step.Width && cursor.Next == ' ')
        {
            cursor.At++;
        }

        match.IsEpoch |= step.Kind == PrefixStepKind.Epoch;
        SetTrimmed(step, line, at, cursor.At, match);
        at = cursor.At;
        return true;
    }

    private static void SetTrimmed(PrefixStep step, ReadOnlySpan<byte> line, int start, int end, PrefixMatch match)
    {
        while (step.Width > 0 && start < end && line[start] == ' ')
        {
            start++;
        }

        while (step.Width < 0 && start < end && line[end - 1] == ' ')
        {
            end--;
        }

        match.Set(step.Field, start, end);
    }
}
