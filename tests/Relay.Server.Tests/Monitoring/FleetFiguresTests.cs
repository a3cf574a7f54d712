using System.Globalization;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Usage;
using Relay.Server.Monitoring.Figures;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Monitoring;

public sealed class FleetFiguresTests
{
    [Fact]
    public void MeasureChannels_MoreThanHaveSeries_TheOthersAreOneAndEachNodeIsCounted()
    {
        string[] names = [.. Enumerable.Range(0, FleetFigures.MaximumChannels + 2).Select(i => i.ToString("d3", CultureInfo.InvariantCulture))];
        Dictionary<string, ChannelManifest> channels = names.ToDictionary(name => name, name => new ChannelManifest(name, 2, null));
        NodeCount[] counts =
        [
            .. names.Select(name => Count(name, release: 2)), Count(names[0], release: 1), Count(names[^1], release: 1), Count("", release: -1),
        ];

        Figure[] figures = [.. FleetFigures.MeasureChannels(channels, counts)];

        Assert.Equal(counts.Length, figures.Sum(figure => figure.Value.Value));
        Assert.Equal(FleetFigures.MaximumChannels + 1, figures.Select(figure => Tag(figure, "channel")).Distinct().Count());
        Assert.Equal(
            [("ahead", 0), ("behind", 1), ("candidate", 0), ("current", 2), ("none", 1)],
            figures.Where(figure => Tag(figure, "channel") == FleetFigures.OtherChannels)
                .Select(figure => (Tag(figure, "release"), figure.Value.Value)).Order());
    }

    private static NodeCount Count(string channel, int release) => new(channel, release, NodeStanding.New, 1, 0, 0);

    private static string Tag(Figure figure, string name) => (string)figure.Value.Tags.ToArray().Single(tag => tag.Key == name).Value!;
}
