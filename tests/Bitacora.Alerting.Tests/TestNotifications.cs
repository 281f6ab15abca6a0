using Bitacora.Records;
using CsCheck;

namespace Bitacora.Alerting.Tests;

/// <summary>Notifications for tests of messages and channels.</summary>
internal static class TestNotifications
{
    private static readonly string[] Hostile = ["&", "<", "```", "\ud83d\ude00", "\u202e", "\r\n"];

    public static AlertSettings Settings { get; } = new() { Link = new Uri("https://logs.example/") };

    public static AlertNotification Errors { get; } = new()
    {
        Id = "00112233445566aa",
        Rule = "errors",
        Kind = AlertKind.Fired,
        Severity = AlertSeverity.Warning,
        Query = "level:ERROR",
        Condition = "> 10",
        By = ["logger"],
        From = At(0),
        To = At(300),
        Groups = [new AlertedGroup("aaaaaaaaaaaaaaaa", ["shop.db"], 1234, At(300))],
        Matching = 1234,
        Lines =
        [
            new AlertLine(
                At(1), Level.Error, "shop", "shop.db", "r-1", "refused", "Traceback (most recent call last):", "OSError: refused"),
            new AlertLine(At(299), Level.Error, "shop", "shop.db", null, "refused\nagain\u001b[31m", null, null),
        ],
        Runbook = "https://wiki/errors",
        Labels = new Dictionary<string, string> { ["team"] = "shop" },
    };

    /// <summary>Whatever a sender may have put into a record: any characters, halves of surrogates, markup, ends of fences.</summary>
    public static Gen<AlertNotification> Any { get; } = Gen.Select(
        Gen.OneOf(
            Gen.String[0, 900],
            Gen.Char.Array[0, 900].Select(chars => new string(chars)),
            Gen.Int[0, 5].Select(i => string.Concat(Enumerable.Repeat(Hostile[i], 500)))),
        Gen.Int[0, 10],
        Gen.Int[0, 60],
        Gen.Enum<AlertKind>(),
        (text, lines, groups, kind) => Errors with
        {
            Kind = kind,
            Query = text,
            Groups =
            [
                .. Enumerable.Range(0, Math.Min(groups, 50))
                    .Select(i => new AlertedGroup($"{i:x16}", [i == 3 ? null : text], i, At(i))),
            ],
            MoreGroups = Math.Max(0, groups - 50),
            Lines = [.. Enumerable.Range(0, lines).Select(i => new AlertLine(At(i), Level.Error, text, text, text, text, text, text))],
            Labels = new Dictionary<string, string> { [text] = text },
            LinesProblem = lines == 4 ? text : null,
        });

    public static long At(int seconds) => RecordTime.From(AlertWorld.Start) + (seconds * RecordTime.Second);
}
