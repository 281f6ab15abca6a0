using System.Collections;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Tests;

/// <summary>Methods as applications have them.</summary>
internal static partial class Messages
{
    [LoggerMessage(1, LogLevel.Information, "nothing to fill in")]
    public static partial void None(ILogger logger);

    [LoggerMessage(2, LogLevel.Information, "braces {{stay}}")]
    public static partial void Braces(ILogger logger);

    [LoggerMessage(3, LogLevel.Information, "one {A}")]
    public static partial void One(ILogger logger, int a);

    [LoggerMessage(4, LogLevel.Information, "{A} {B}")]
    public static partial void Two(ILogger logger, int a, string b);

    [LoggerMessage(5, LogLevel.Information, "order {Order} of {Customer} took {Elapsed} ms")]
    public static partial void Three(ILogger logger, int order, string customer, double elapsed);

    [LoggerMessage(6, LogLevel.Information, "{A} {B} {C} {D}")]
    public static partial void Four(ILogger logger, long a, short b, byte c, Guid d);

    [LoggerMessage(7, LogLevel.Information, "{A} {B} {C} {D} {E}")]
    public static partial void Five(ILogger logger, decimal a, DateTime b, DateTimeOffset c, TimeSpan d, float e);

    [LoggerMessage(8, LogLevel.Information, "{A} {B} {C} {D} {E} {F}")]
    public static partial void Six(ILogger logger, int a, string? b, double c, bool d, char e, DayOfWeek f);

    [LoggerMessage(9, LogLevel.Information, "{A} {B} {C} {D} {E} {F} {G}")]
    public static partial void Seven(ILogger logger, int a, string? b, double c, bool d, char e, DayOfWeek f, decimal g);

    [LoggerMessage(10, LogLevel.Information, "{A} {B} {C} {D} {E} {F} {G} {H}")]
    public static partial void Eight(ILogger logger, sbyte a, string? b, float c, ushort d, uint e, ulong f, byte g, short h);

    [LoggerMessage(11, LogLevel.Information, "{Second} before {First}")]
    public static partial void Swapped(ILogger logger, string first, int second);

    // A value without a hole is this method's matter.
#pragma warning disable SYSLIB1015
    [LoggerMessage(12, LogLevel.Information, "only {A}")]
    public static partial void Unused(ILogger logger, int a, string extra);
#pragma warning restore SYSLIB1015

    [LoggerMessage(EventId = 13, Message = "at any level: {A}")]
    public static partial void Dynamic(ILogger logger, LogLevel level, int a);

    [LoggerMessage(14, LogLevel.Information, "{A:0.00}|{B,8:X4}|{C:yyyy-MM-dd}")]
    public static partial void Formats(ILogger logger, double a, int b, DateTime c);

    [LoggerMessage(15, LogLevel.Information, "{A} {B} {C} {D} {E} {F} {G}")]
    public static partial void Collections(ILogger logger, int a, int b, int c, int d, int e, int[] f, List<string>? g);

    [LoggerMessage(16, LogLevel.Information, "{A} {B} {C}")]
    public static partial void Optional(ILogger logger, int? a, double? b, Guid? c);

    [LoggerMessage(17, LogLevel.Error, "failed {A}")]
    public static partial void Failed(ILogger logger, Exception exception, int a);

    [LoggerMessage(18, LogLevel.Information, "{Class} {@Event:D3} {C}{D}{E}{F}{G}")]
    public static partial void Keywords(ILogger logger, string? @class, int @event, int c, int d, int e, int f, int g);

    [LoggerMessage(19, LogLevel.Information, "{A}|{B,30}|{C}|{D}|{E:X}|{F}|{G}")]
    public static partial void Objects(
        ILogger logger, object? a, ImmutableArray<int> b, ArraySegment<int> c, ImmutableArray<int>? d, ICloneable? e, IEnumerable? f,
        int[][] g);

    [LoggerMessage(20, LogLevel.Information, "{A:D} {A:F} {A:X} {A:G} {A}|{B:D} {B:f} {B:X} {B}|{C:D} {C:F} {C,20}|{D:F}|{E}{F}{G}")]
    public static partial void Enums(ILogger logger, Wide a, Grade b, FileAttributes c, Grade? d, int e, int f, int g);

    [LoggerMessage(21, LogLevel.Information, "event {EventId} arrived")]
    public static partial void OfEvent(ILogger logger, int eventId);

    [LoggerMessage(22, LogLevel.Information, "{A} {B} {C} {D}{E}{F}{G}")]
    public static partial void Texts(ILogger logger, IEnumerable<char> a, IEnumerable b, IComparable c, int d, int e, int f, int g);

    // Two names of one value are what is tested.
#pragma warning disable CA1069
    /// <summary>Not flags, though values of it may be combined; two names have one value.</summary>
    public enum Grade : sbyte
    {
        None,
        Low,
        High,
        Best = 2,
        Negative = -1,
    }
#pragma warning restore CA1069

    /// <summary>Numbers that are none of a signed type.</summary>
    public enum Wide : ulong
    {
        None,
        Most = ulong.MaxValue,
        Half = 1ul << 63,
    }
}
