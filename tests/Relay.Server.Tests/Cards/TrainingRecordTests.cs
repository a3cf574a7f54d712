using Relay.Cards;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Cards;

public sealed class TrainingRecordTests
{
    [Fact]
    public void Render_VersionWithARecordOfItsTraining_SaysHowItIsReproducedAndWhatWasSearched()
    {
        string card = Render(TestCards.Classifier("class"));

        Assert.Contains("relay reproduce traffic 2 --train FILE --test FILE", card, StringComparison.Ordinal);
        Assert.Contains(
            "12 candidates, each on 3 parts of the training rows: class 0.25, with the parameters of the spec 0.5", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_VersionOfSimulatedRows_NeedsNoFiles()
    {
        ModelCard card = TestCards.Classifier("class");
        SimulatedRows simulator = new(Seed: 7, Requests: 1000);

        Assert.Contains(
            "relay reproduce traffic 2\n", Render(card with { Training = card.Training! with { Simulator = simulator } }), StringComparison.Ordinal);
    }

    private static string Render(ModelCard card) => CardRenderer.Render(card, null, CardFormat.Markdown);
}
