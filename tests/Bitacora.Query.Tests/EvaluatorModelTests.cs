using System.Globalization;
using Bitacora.Records;
using Bitacora.Testing.Queries;
using CsCheck;

namespace Bitacora.Query.Tests;

/// <summary>The evaluator over encoded records gives what the naive one gives, on random records and random queries.</summary>
public class EvaluatorModelTests
{
    private const long Runs = 600;

    [Fact]
    public void Random_filters_match_what_the_naive_evaluator_matches() =>
        Gen.Select(QueryGenerator.Filter, RecordGenerator.Batch).Sample(
            (filter, batch) =>
            {
                LogQuery query = Asking.Parse(filter.Text);
                for (int i = 0; i < batch.Count; i++)
                {
                    LogRecord record = batch[i].ToLogRecord();
                    query.Filter.Matches(batch[i]).ShouldBe(NaiveEvaluator.Matches(filter, record), $"{filter.Text} on record {i}");
                }
            },
            iter: 2 * Runs);

    [Fact]
    public void Random_queries_answer_what_the_naive_evaluator_answers() =>
        Gen.Select(QueryGenerator.Query, RecordGenerator.Batch).Sample(
            (query, batch) => ShouldAgree(query, batch, Asking.Evaluate(Asking.Parse(query.Text, Asking.NewYork), batch)),
            iter: Runs);

    [Fact]
    public void Evaluations_of_parts_are_merged_to_the_answer_of_the_whole() =>
        Gen.Select(QueryGenerator.Query, RecordGenerator.Draft.Array[1, 20], Gen.Int[0, 20]).Sample(
            (query, drafts, cut) =>
            {
                RecordBatch whole = RecordGenerator.Encode(drafts, new Origin(1));
                LogQuery parsed = Asking.Parse(query.Text, Asking.NewYork);
                QueryEvaluation<LogRecord> left = new(parsed);
                QueryEvaluation<LogRecord> right = new(parsed);
                for (int i = 0; i < whole.Count; i++)
                {
                    (i < cut ? left : right).Add(whole[i], whole[i].ToLogRecord());
                }

                left.Merge(right);
                ShouldAgree(query, whole, left);
            },
            iter: Runs);

    [Fact]
    public void A_condition_joined_to_itself_in_parentheses_means_the_same() =>
        Gen.Select(QueryGenerator.Filter, RecordGenerator.Batch).Sample(
            (filter, batch) =>
            {
                Filter first = Asking.Parse(filter.Text).Filter;
                Filter second = Asking.Parse(filter.Text + " AND (" + filter.Text + ")").Filter;
                for (int i = 0; i < batch.Count; i++)
                {
                    second.Matches(batch[i]).ShouldBe(first.Matches(batch[i]));
                }
            },
            iter: Runs / 4);

    private static void ShouldAgree(GeneratedQuery query, RecordBatch batch, QueryEvaluation<LogRecord> evaluation)
    {
        List<LogRecord> records = [];
        for (int i = 0; i < batch.Count; i++)
        {
            records.Add(batch[i].ToLogRecord());
        }

        if (evaluation.Groups is null)
        {
            IReadOnlyList<LogRecord> rows = evaluation.Sorted?.ToRows() ?? evaluation.Rows!.ToPage();
            rows.Select(r => r.Id.ToString()).ShouldBe(NaiveStages.Rows(query, records), query.Text);
            return;
        }

        GroupTable table = evaluation.Groups.ToTable();
        List<object?[]> expected = NaiveStages.Groups(query, records, Asking.NewYork);
        table.Rows.Count.ShouldBe(expected.Count, query.Text);
        for (int row = 0; row < expected.Count; row++)
        {
            for (int column = 0; column < table.Columns.Count; column++)
            {
                ShouldAgree(query, table.Columns[column], table.Rows[row][column], expected[row][column]);
            }
        }
    }

    private static void ShouldAgree(GeneratedQuery query, string column, object? actual, object? expected)
    {
        if (actual is not (long or double) || expected is not (long or double))
        {
            actual.ShouldBe(expected, $"{query.Text}: {column}");
            return;
        }

        double left = Convert.ToDouble(actual, CultureInfo.InvariantCulture);
        double right = Convert.ToDouble(expected, CultureInfo.InvariantCulture);
        left.ShouldBe(right, Math.Abs(right) * 1e-9, $"{query.Text}: {column}");
        (actual is long integer && expected is long exact && integer != exact).ShouldBeFalse($"{query.Text}: {column}");
    }
}
