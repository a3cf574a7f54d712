using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Fleet;

/// <summary>How many nodes ran which release over time, as the relay has counted them.</summary>
public sealed record AdoptionModel
{
    /// <summary>The times that a user may choose, in days.</summary>
    public static readonly IReadOnlyList<int> Choices = [1, 7, 30, 365];

    private const int Shown = 8;
    private const int Rows = 12;
    private static readonly TimeSpan ShortestStep = TimeSpan.FromMinutes(5);

    public required int Days { get; init; }

    public required FleetAdoption Adoption { get; init; }

    /// <summary>The channels that a user may choose.</summary>
    public required IReadOnlyList<string> Channels { get; init; }

    /// <summary>The releases that most nodes ran, by number; <see cref="AdoptionRelease.Others"/> last.</summary>
    public IReadOnlyList<int> Releases =>
    [
        .. Adoption.Points.SelectMany(point => point.Releases).GroupBy(AdoptionRelease.NumberOf)
            .OrderByDescending(release => release.Max(count => count.Nodes)).Take(Shown).Select(release => release.Key).Order(),
    ];

    /// <summary>Equal steps of the time from the first count on, with the counts that held at each, the latest first.</summary>
    public IReadOnlyList<FleetAdoptionPoint> Steps
    {
        get
        {
            if (Adoption.Points is not [{ At: var begin }, ..])
            {
                return [];
            }

            int rows = (int)Math.Clamp((Adoption.To - begin) / ShortestStep, 1, Rows);
            return [.. Enumerable.Range(0, rows + 1)
                .Select(row => Adoption.To - (row * (Adoption.To - begin) / rows))
                .Select(at => Adoption.Points.Last(point => point.At <= at) with { At = at })];
        }
    }

    internal static async Task<AdoptionModel> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        int days = Choices.FirstOrDefault(choice => choice == request.Number("days"), Choices[0]);
        string? channel = request.Query("channel");
        FleetView fleet = await request.Api.Nodes.ReadFleetAsync(hours: 1, cancellationToken);
        return new AdoptionModel
        {
            Days = days,
            Adoption = await request.Api.Nodes.ReadAdoptionAsync(channel, fleet.At.AddDays(-days), fleet.At, cancellationToken),
            Channels = [.. fleet.Channels.Select(known => known.Channel).Append(channel ?? "").Where(name => name.Length > 0)
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        };
    }
}
