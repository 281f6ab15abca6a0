using System.Globalization;
using Bitacora.Records;

namespace Bitacora.Cli.Demo;

/// <summary>The payments service, in .NET: its messages have templates.</summary>
internal sealed class Payments(Chance chance)
{
    private const string Charges = "Payments.Api.ChargesController";

    private static readonly string[] Banks = ["Redsys", "Bizum", "PayPal"];

    public static DemoRecord Running(DateTimeOffset time, string version) => Record(time, Level.Info, "Microsoft.Hosting.Lifetime") with
    {
        Message = $"Now running version {version}",
        Template = "Now running version {Version}",
        Attributes = [new("Version", AttributeValue.From(version))],
    };

    public static DemoRecord PoolFills(DateTimeOffset time, int used) => Record(time, Level.Warning, "Payments.Storage.ChargeStore") with
    {
        Message = $"Connection pool: {used} of 100 in use",
        Template = "Connection pool: {Used} of {Max} in use",
        Attributes = [new("Used", AttributeValue.From((long)used)), new("Max", AttributeValue.From(100L))],
    };

    public static DemoRecord Asks(DateTimeOffset time, string requestId) => Record(time, Level.Debug, "Payments.Banks.BankClient") with
    {
        Message = "Asking the bank",
        RequestId = requestId,
    };

    public DemoRecord Accepted(DateTimeOffset time, string requestId, Customer customer, long order, double amount, double milliseconds)
    {
        var bank = chance.Zipf(Banks);
        return Record(time, Level.Info, Charges) with
        {
            Message = $"Charge of {Euros(amount)} EUR for order {order} accepted by {bank}",
            Template = "Charge of {Amount} EUR for order {OrderId} accepted by {Bank}",
            RequestId = requestId,
            UserId = customer.Id,
            DurationMs = milliseconds,
            Attributes = Order(order, amount, bank),
        };
    }

    public DemoRecord Refused(DateTimeOffset time, string requestId, Customer customer, long order, double amount)
    {
        var bank = chance.Zipf(Banks);
        return Record(time, Level.Warning, Charges) with
        {
            Message = $"Charge of {Euros(amount)} EUR for order {order} refused by {bank}: insufficient funds",
            Template = "Charge of {Amount} EUR for order {OrderId} refused by {Bank}: {Reason}",
            RequestId = requestId,
            UserId = customer.Id,
            Attributes = [.. Order(order, amount, bank), new("Reason", AttributeValue.From("insufficient funds"))],
        };
    }

    public static DemoRecord Failed(DateTimeOffset time, string requestId, Customer customer, long order) =>
        Record(time, Level.Error, Charges) with
        {
            Message = $"Order {order} could not be charged",
            Template = "Order {OrderId} could not be charged",
            Traceback = Tracebacks.NoConnectionInPool,
            RequestId = requestId,
            UserId = customer.Id,
            Attributes = [new("OrderId", AttributeValue.From(order))],
        };

    private static string Euros(double amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private static KeyValuePair<string, AttributeValue>[] Order(long order, double amount, string bank) =>
    [
        new("OrderId", AttributeValue.From(order)),
        new("Amount", AttributeValue.From(amount)),
        new("Bank", AttributeValue.From(bank)),
    ];

    private static DemoRecord Record(DateTimeOffset time, Level level, string logger) => new()
    {
        Time = time,
        Level = level,
        Source = "payments",
        Logger = logger,
        Host = "app2",
        Message = "",
    };
}
