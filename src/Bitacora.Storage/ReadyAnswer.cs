using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Storage;

/// <summary>
/// An answer that is whole in memory, given to its reader part by part. Where its memory is needed before it is read, it ends early as a
/// partial one, with the cursor of the rows that are missing.
/// </summary>
public sealed class ReadyAnswer
{
    /// <summary>The code of the reason that an answer ended early.</summary>
    public const string ReadTooSlowly = "read-too-slowly";

    private readonly LogQuery _query;
    private readonly AnswerEnd _end;
    private volatile IReadOnlyList<AnswerPart>? _parts;

    /// <summary>Takes the parts.</summary>
    /// <param name="query">What was asked.</param>
    /// <param name="parts">The answer, its end last.</param>
    public ReadyAnswer(LogQuery query, IReadOnlyList<AnswerPart> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        (_query, _parts, _end) = (query, parts, (AnswerEnd)parts[^1]);
    }

    /// <summary>Gives the parts to one reader.</summary>
    /// <param name="answers">What counts it meanwhile.</param>
    public IEnumerable<AnswerPart> Read(HeldAnswers answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        using var held = answers.Hold(_parts!.Sum(AnswerSize.Of), () => _parts = null);
        RecordId? last = null;
        var rows = 0;
        while (Part(rows) is { } part)
        {
            held.Touch();
            yield return part;
            if (part is AnswerEnd)
            {
                yield break;
            }

            last = part is AnswerRecord row ? row.Record.Id : null;
            rows++;
        }

        yield return Cut(last, rows);
    }

    /// <summary>Null only where it was dropped: a reader that has the end asks for nothing behind it.</summary>
    private AnswerPart? Part(int index) => _parts?[index];

    private AnswerEnd Cut(RecordId? last, int rows) => _end with
    {
        Completeness = _end.Completeness.And(Completeness.Partial(
            ReadTooSlowly,
            "Rows are missing: they were not read while other answers needed their memory. Go on with the cursor where there is one, or "
            + "ask for fewer rows at a time.")),
        Cursor = last is { } id ? _query.NextPage(id, rows) : null,
    };
}
