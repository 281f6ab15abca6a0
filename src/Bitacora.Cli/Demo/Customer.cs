namespace Bitacora.Cli.Demo;

/// <summary>Somebody who buys.</summary>
internal sealed record Customer(string Id, string Name, string City, string Address)
{
    private static readonly string[] FirstNames =
    [
        "María", "José", "Lucía", "Antonio", "Nuria", "Íñigo", "Begoña", "Álvaro", "Sofía", "Jesús", "Rocío", "Andrés", "Inés", "Óscar",
        "Carmen", "Martín",
    ];

    private static readonly string[] LastNames =
    [
        "García", "Núñez", "Muñoz", "Fernández", "Ibáñez", "Peña", "López", "Sáez", "Martínez", "Ordóñez", "Gómez", "Vázquez", "Ruiz",
        "Castaño",
    ];

    private static readonly string[] Cities =
    [
        "Madrid", "Barcelona", "València", "Sevilla", "Zaragoza", "Málaga", "Logroño", "A Coruña", "Cádiz", "León", "Donostia", "Ávila",
    ];

    /// <summary>Customers that come back, the first ones most often.</summary>
    public static IReadOnlyList<Customer> Make(Chance chance, int count)
    {
        var customers = new Customer[count];
        for (var i = 0; i < count; i++)
        {
            customers[i] = new Customer(
                $"c-{1000 + i}",
                $"{chance.Zipf(FirstNames)} {chance.Zipf(LastNames)}",
                chance.Zipf(Cities),
                $"198.51.100.{chance.Between(1, 255)}");
        }

        return customers;
    }
}
