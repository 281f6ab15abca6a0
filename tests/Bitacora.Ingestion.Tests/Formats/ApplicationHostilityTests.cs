using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>Nothing that a file of an application holds makes a decoder throw, lose a line or allocate.</summary>
public class ApplicationHostilityTests
{
    private static readonly FormatContext Context = new(
        TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid"), new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero))
    { Stem = "shop" };

    /// <summary>Samples with the formats that they have.</summary>
    public static TheoryData<string, string> Samples => new()
    {
        { "python-level-name.log", "python" },
        { "python-brackets.log", "python" },
        { "python-basic.log", "python" },
        { "python-django-verbose.log", "python" },
        { "loguru.log", "python" },
        { "celery.log", "python" },
        { "django-server.log", "django-server" },
        { "gunicorn.log", "gunicorn" },
        { "logback.log", "log4j" },
        { "log4j1-ttcc.log", "log4j" },
        { "cassandra-system.log", "log4j" },
        { "spring-boot-3.log", "log4j" },
        { "go.log", "go" },
        { "dotnet-scopes.log", "dotnet-simple" },
        { "dotnet-timestamps.log", "dotnet-simple" },
        { "dotnet-systemd.log", "dotnet-systemd" },
        { "logfmt.log", "logfmt" },
        { "logrus-text.log", "logfmt" },
        { "journald.log", "json" },
        { "docker-json-file.log", "json" },
        { "pino.log", "json" },
        { "serilog-compact.log", "clef" },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_file_cut_at_any_byte_of_its_first_4_KiB_is_read_to_its_end(string sample, string format)
    {
        var bytes = Read(sample);
        InputFormat.Detect(bytes, Context).Format.Id.ShouldBe(format);
        for (var length = 0; length <= Math.Min(bytes.Length, 4096); length++)
        {
            var reader = (await FormatReading.ReadAsync(bytes[..length], Context)).Reader;
            var lines = bytes.AsSpan(0, length).Count((byte)'\n') + (length > 0 && bytes[length - 1] != '\n' ? 1 : 0);
            reader.Lines.ShouldBe(lines);
            (reader.Accepted + reader.Joined + reader.Empty).ShouldBe(lines);
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Mutated_records_are_read_or_refused(string sample, string format) => Mutate(sample, format, 20_000);

    [Theory(Explicit = true)]
    [MemberData(nameof(Samples))]
    public void A_million_mutated_records_are_read_or_refused(string sample, string format) => Mutate(sample, format, 1_000_000);

    [Theory]
    [MemberData(nameof(Samples))]
    public void Classifying_and_decoding_allocate_nothing(string sample, string format)
    {
        var decoder = LogFormats.Find(format)!.Create(Context);
        var records = MutatedRecords.RecordsOf(Read(sample), decoder);
        records.Count.ShouldBeGreaterThan(1);
        DecoderTrials.AllocatesNothing(records, decoder);
    }

    private static void Mutate(string sample, string format, int count)
    {
        // Behind every time that a mutation may give.
        var clock = new FakeTimeProvider(DateTimeOffset.MaxValue.AddYears(-1));
        var accepted = DecoderTrials.ReadMutated(
            new MutatedRecords(Read(sample), seed: 7), LogFormats.Find(format)!.Create(Context), count, clock);

        // A mutation may leave the first line alone, and a console's other lines are records too.
        accepted.ShouldBeInRange(count / 40, format == "django-server" ? count : count - 1);
    }

    private static byte[] Read(string sample) => sample == "dotnet-systemd.log"
        ? "<6>2026-11-23T06:51:01.944+00:00 My.App[14] hi bob\n<3>My.App[0] err 3 System.Exception: x\n<4>06:51:01 A.B[-1] \n"u8.ToArray()
        : File.ReadAllBytes(FormatFiles.Sample("Samples/" + sample)!);
}
