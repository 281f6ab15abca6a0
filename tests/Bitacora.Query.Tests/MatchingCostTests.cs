using Bitacora.Records;

namespace Bitacora.Query.Tests;

/// <summary>Judging a record, and counting it in a group that is known, allocates nothing.</summary>
public class MatchingCostTests
{
    [Theory]
    [InlineData("refused")]
    [InlineData("con*refused")]
    [InlineData("straße OR message:ÄPFEL")]
    [InlineData("NOT traceback:*oops* level>=INFO layer:application")]
    [InlineData("source:sh* logger=django.db user_id>5 request_id~\"^[a-f]\"")]
    [InlineData("message~\"(?i)REFUSED|closed\"")]
    [InlineData("x:2* x=200 x>1.5s y:0.5 z:true nowhere:* -x~\"7$\"")]
    [InlineData("duration_ms:2* OR duration_ms>1s OR id:0*")]
    [InlineData("| stats count, sum(x), avg(y), max(duration_ms), p95(duration_ms), distinct(source) by source, level, time(1d)")]
    [InlineData("| top 5 x")]
    [InlineData("| sort -x, message | limit 1")]
    public void A_record_costs_no_allocation(string text)
    {
        LogQuery query = Asking.Parse(text, Asking.NewYork);
        RecordBatch batch = Asking.Batch(
            Asking.Draft("Connection REFUSED by Straße " + new string('x', 2000), "Traceback: äpfel", duration: 250, source: "shop",
            logger: "django.db",
                user: "42", request: "abc", attributes: ["x".Is(200L), "y".Is(0.5), "z".Is(true)]),
            Asking.Draft("short", attributes: "x".Is("300")));
        QueryEvaluation<int> evaluation = new(query);
        long rows = Show(evaluation, batch, 50);
        long before = GC.GetAllocatedBytesForCurrentThread();
        rows += Show(evaluation, batch, 100);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        rows.ShouldBe(300);
    }

    private static long Show(QueryEvaluation<int> evaluation, RecordBatch batch, int rounds)
    {
        long rows = 0;
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                evaluation.Add(batch[i], i);
                rows++;
            }
        }

        return rows;
    }
}
