using Bitacora.Records;

namespace Bitacora.Cli.Demo;

/// <summary>Requests to the shop, in Django: most are looked at, some are searched, few are bought.</summary>
internal sealed class Visits(Chance chance, WebServer web, Database database, Checkouts checkouts, Incident incident, Bursts bursts)
{
    private static readonly string[] Words = ["té verde", "jamón", "aceite", "turrón", "queso", "azafrán", "piñones", "café"];

    // The order is that of Zipf's law: the first is asked for most.
    private static readonly Page[] Pages = [Page.Product, Page.Search, Page.Cart, Page.Checkout, Page.Orders, Page.Login];

    private readonly IReadOnlyList<Customer> _customers = Customer.Make(chance, 400);

    private enum Page
    {
        Product,
        Search,
        Cart,
        Checkout,
        Orders,
        Login,
    }

    /// <summary>About how many records a visit leaves.</summary>
    public const double RecordsEach = 2.3;

    public Customer SomeCustomer() => chance.Zipf(_customers);

    public void Add(DateTimeOffset time, List<DemoRecord> to)
    {
        var customer = SomeCustomer();
        switch (chance.Zipf(Pages))
        {
            case Page.Product:
                Product(time, customer, to);
                break;
            case Page.Search:
                Search(time, customer, to);
                break;
            case Page.Cart:
                var message = $"{chance.Between(1, 6)} articles in the cart";
                Answer(time, customer, "POST", "/carrito", 302, Level.Info, "shop.cart", message, to);
                break;
            case Page.Orders:
                Answer(time, customer, "GET", "/cuenta/pedidos", 200, Level.Info, "shop.accounts", $"orders of {customer.Name}", to);
                break;
            case Page.Login:
                Login(time, customer, to);
                break;
            case Page.Checkout when incident.Strikes(time, chance):
                checkouts.Fail(time, customer, request: null, to);
                break;
            default:
                checkouts.Succeed(time, customer, to);
                break;
        }
    }

    private void Product(DateTimeOffset time, Customer customer, List<DemoRecord> to)
    {
        var path = $"/productos/{chance.Between(1, 900)}";
        if (chance.Happens(0.002))
        {
            Answer(
                time, customer, "GET", path, 500, Level.Error, "django.request", $"Internal Server Error: {path}", to,
                Tracebacks.MissingPrice);
        }
        else if (chance.Happens(0.02))
        {
            Answer(time, customer, "GET", path + "x", 404, Level.Warning, "django.request", $"Not Found: {path}x", to);
        }
        else
        {
            Answer(time, customer, "GET", path, 200, Level.Debug, "shop.catalogue", "product from the cache", to);
        }

        if (chance.Happens(0.03))
        {
            // A sum of two such numbers may have a tail of digits that the database does not write.
            to.Add(database.SlowStatement(time.AddMilliseconds(20), Math.Round(200 + chance.Milliseconds(150), 3)));
        }
    }

    private void Search(DateTimeOffset time, Customer customer, List<DemoRecord> to)
    {
        var words = chance.Zipf(Words);
        var path = "/buscar?q=" + Uri.EscapeDataString(words);
        if (bursts.Strikes(time) && chance.Happens(0.6))
        {
            Answer(
                time, customer, "GET", path, 503, Level.Error, "shop.search", $"search for \"{words}\" failed", to,
                Tracebacks.SearchTimeout);
            return;
        }

        Answer(time, customer, "GET", path, 200, Level.Info, "shop.search", $"{chance.Between(0, 40)} products for \"{words}\"", to);
    }

    private void Login(DateTimeOffset time, Customer customer, List<DemoRecord> to)
    {
        var isRight = chance.Happens(0.9);
        Answer(
            time,
            customer,
            "POST",
            "/cuenta/entrar",
            isRight ? 302 : 403,
            isRight ? Level.Info : Level.Warning,
            "shop.accounts.login",
            isRight ? $"{customer.Name} logged in" : $"wrong password for {customer.Id}",
            to);
    }

    /// <summary>The shop's record and the web server's.</summary>
    private void Answer(
        DateTimeOffset time, Customer customer, string method, string path, int status, Level level, string logger, string message,
        List<DemoRecord> to, string? traceback = null)
    {
        var (request, took) = (web.NewRequestId(), chance.Milliseconds(status == 503 ? 3_000 : 25));
        to.Add(new DemoRecord
        {
            Time = time.AddMicroseconds(Math.Round(took * 900)),
            Level = level,
            Source = "tienda",
            Logger = logger,
            Host = "app1",
            Message = message,
            Traceback = traceback,
            RequestId = request,
            UserId = customer.Id,
        });
        to.Add(web.Answered(time, method, path, status, took, customer, request));
    }
}
