using Bitacora.Records;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.Storage.Cassandra.Tests.Schema;

public sealed class LogTablesTests
{
    [Fact]
    public void The_statement_names_key_order_and_lifetime() =>
        FoundTables.Table("log_batches").Create("logs", TimeSpan.FromDays(90)).ShouldBe(
        """
        CREATE TABLE IF NOT EXISTS logs.log_batches (
          log_date date,
          bucket smallint,
          shard smallint,
          layer text,
          batch_id uuid,
          writer text,
          first_id uuid,
          last_id uuid,
          n int,
          levels tinyint,
          counts frozen<map<text, int>>,
          fields frozen<map<text, int>>,
          ids blob,
          PRIMARY KEY ((log_date, bucket, shard), layer, batch_id))
          WITH CLUSTERING ORDER BY (layer ASC, batch_id DESC)
          AND compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'DAYS', 'compaction_window_size': '3'}
          AND default_time_to_live = 7776000
          AND compression = {'class': 'ZstdCompressor', 'compression_level': '3', 'chunk_length_in_kb': '64'}
          AND gc_grace_seconds = 86400
          AND read_repair = 'NONE'
        """.ReplaceLineEndings("\n"));

    [Fact]
    public void Tables_without_a_lifetime_have_no_options_of_time() =>
        FoundTables.Table("leases").Create("logs", TimeSpan.FromDays(90)).ShouldEndWith("PRIMARY KEY ((name)))");

    [Theory]
    [InlineData(90, 3)]
    [InlineData(30, 1)]
    [InlineData(1, 1)]
    [InlineData(365, 12)]
    public void There_are_about_thirty_windows_in_a_lifetime(int days, int window) =>
        LogTables.WindowDays(TimeSpan.FromDays(days)).ShouldBe(window);

    [Fact]
    public void Both_layers_have_the_same_columns_and_key()
    {
        var application = FoundTables.Table(LogTables.Of(Layer.Application));
        var infrastructure = FoundTables.Table(LogTables.Of(Layer.Infrastructure));
        infrastructure.Columns.ShouldBe(application.Columns);
        infrastructure.Clustering.ShouldBe(application.Clustering);
    }

    [Fact]
    public void Indexes_bear_the_originals_names()
    {
        LogIndexes.All.Select(index => index.Name).ShouldBe(
        [
            "idx_app_logs_log_date", "idx_app_logs_level", "idx_app_logs_logger", "idx_app_logs_source", "idx_app_logs_request_id",
            "idx_infra_logs_log_date", "idx_infra_logs_level", "idx_infra_logs_logger", "idx_infra_logs_source",
        ]);
        LogIndexes.All[1].Create("logs").ShouldBe(
            "CREATE INDEX IF NOT EXISTS idx_app_logs_level ON logs.application_logs (level) USING 'sai'");
    }
}
