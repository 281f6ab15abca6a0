namespace Bitacora.Testing.Storage;

/// <summary>Compares an answer with the reference's: rows exactly, doubles of groups to 1e-9.</summary>
public static class AnswerComparison
{
    /// <summary>The answers are the same.</summary>
    public static void ShouldBeTheAnswer(this WholeAnswer actual, WholeAnswer expected, string about)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(expected);
        actual.Records.Select(record => record.Id).ShouldBe(expected.Records.Select(record => record.Id), about);
        for (var i = 0; i < expected.Records.Count; i++)
        {
            actual.Records[i].ShouldBeEquivalentTo(expected.Records[i], about);
        }

        actual.Groups.Count.ShouldBe(expected.Groups.Count, about);
        for (var i = 0; i < expected.Groups.Count; i++)
        {
            actual.Groups[i].Columns.ShouldBe(expected.Groups[i].Columns, about);
            for (var j = 0; j < expected.Groups[i].Values.Count; j++)
            {
                ShouldBeTheCell(actual.Groups[i].Values[j], expected.Groups[i].Values[j], about);
            }
        }

        actual.End.Completeness.IsComplete.ShouldBe(expected.End.Completeness.IsComplete, about);
        actual.End.Notes.OrderBy(note => note.Text).ShouldBe(expected.End.Notes.OrderBy(note => note.Text), about);
        actual.End.ApproximateColumns.ShouldBe(expected.End.ApproximateColumns, about);
        actual.End.Range.ShouldBe(expected.End.Range, about);
        actual.End.NewestBefore.ShouldBe(expected.End.NewestBefore, about);
        if (expected.End.Cursor is not null)
        {
            actual.End.Cursor.ShouldBe(expected.End.Cursor, about);
        }
    }

    private static void ShouldBeTheCell(object? actual, object? expected, string about)
    {
        if (actual is double number && expected is double reference && double.IsFinite(reference))
        {
            number.ShouldBe(reference, Math.Max(Math.Abs(reference), 1) * 1e-9, about);
        }
        else
        {
            actual.ShouldBe(expected, about);
        }
    }
}
