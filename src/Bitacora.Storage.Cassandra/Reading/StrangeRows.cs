namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>Rows that somebody else wrote into the tables, under ids that no record has.</summary>
internal static class StrangeRows
{
    public static void Report(QueryRun run, int count, RowRead read)
    {
        if (count > 0)
        {
            run.AddReason("foreign-rows", $"The partition {read.Key} has rows whose log_id is none of Bitácora's; they are not shown.");
        }
    }
}
