using Relay.Training.Gates;
using Relay.Training.Importing;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Importing;

/// <summary>An imported model passes the gates that need no training rows, as a trained one does.</summary>
public sealed class ImportGateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("xgboost-multiclass")]
    [InlineData("lightgbm-regression")]
    [InlineData("onnx-sklearn-network")]
    public void Run_SoundModel_EveryGateOnModelsIsInTheCardAndNoneFails(string name)
    {
        IReadOnlyList<GateResult> gates = Import(name, name).Card.Gates!;

        Assert.Equal(GateCatalog.OfImport.Select(g => g.Name), gates.Select(g => g.Name));
        Assert.All(gates, g => Assert.True(g.Verdict is not GateVerdict.Fail, $"{g.Name}: {g.Detail}"));
        foreach (string gate in (string[])["parity", "golden-vectors", "file-size", "latency"])
        {
            Assert.Equal(GateVerdict.Pass, gates.Single(g => g.Name == gate).Verdict);
        }
    }

    [Fact]
    public void Run_ModelThatIsWrongOnEveryRow_IsRefusedByTheFigure()
    {
        TrainingException refused = Assert.Throws<TrainingException>(() => Run(WrongOnEveryRow()));

        Assert.Equal(TrainingFault.GateFailed, refused.Fault);
        GateResult recall = Assert.Single(refused.Gates!, g => g.Verdict is GateVerdict.Fail);
        Assert.Equal(("class-recall", 0d, 0.4), (recall.Name, recall.Figure, recall.Bound));
    }

    [Fact]
    public void Run_GateThatAPersonAccepts_StaysFailedAndShowsTheReason()
    {
        TrainedModel model =
            Run(WrongOnEveryRow() with { Accepted = new Dictionary<string, string> { ["class-recall"] = "The labels are inverted." } });

        GateResult recall = model.Card.Gates!.Single(g => g.Name == "class-recall");
        Assert.Equal((GateVerdict.Fail, "The labels are inverted."), (recall.Verdict, recall.Accepted));
    }

    [Theory]
    [InlineData("parity")]
    [InlineData("class-recalls")]
    public void Run_AcceptedGateThatCannotBe_InvalidSpec(string gate)
    {
        ImportJob job = WrongOnEveryRow() with { Accepted = new Dictionary<string, string> { [gate] = "a reason" } };

        Assert.Equal(TrainingFault.InvalidSpec, Assert.Throws<TrainingException>(() => Run(job)).Fault);
    }

    [Fact]
    public void Run_SpecWithBoundsOfAGateThatIsNone_InvalidSpec()
    {
        ImportJob job = WrongOnEveryRow();
        ModelSpec spec = job.Spec with { Gates = new Dictionary<string, GateBounds> { ["class-recalls"] = new() { Fail = 1 } } };

        Assert.Equal(TrainingFault.InvalidSpec, Assert.Throws<TrainingException>(() => Run(job with { Spec = spec })).Fault);
    }

    [Fact]
    public void Run_WorseThanTheVersionThatItWouldReplace_IsRefused()
    {
        IncumbentModel incumbent = Incumbent("xgboost-binary", "xgboost-binary");

        GateResult[] failed = Failed("lightgbm-binary", "xgboost-binary", incumbent);

        GateResult fall = failed.Single(g => g.Name == "incumbent-macro-f1");
        Assert.True(fall.Interval!.Low > fall.Bound, fall.Detail);
    }

    [Fact]
    public void Run_ClassOfTheVersionThatItWouldReplaceIsGone_IsNamed()
    {
        IncumbentModel incumbent = Incumbent("xgboost-multiclass", "xgboost-multiclass");

        GateResult[] failed = Failed("lightgbm-binary", "lightgbm-binary", incumbent);

        GateResult gone = failed.Single(g => g.Name == "class-set");
        Assert.Equal(1, gone.Figure);
        Assert.Contains("'2'", gone.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_IncumbentWithoutAnAnswerToMissingValues_IsComparedAndEveryFigureIsANumber()
    {
        IncumbentModel network = Incumbent("onnx-sklearn-network", "onnx-sklearn-network");

        IReadOnlyList<GateResult> gates = Import("lightgbm-multiclass", "lightgbm-multiclass", network).Card.Gates!;

        foreach (string gate in (string[])["incumbent-log-loss", "incumbent-auc"])
        {
            Assert.Equal(GateVerdict.Pass, gates.Single(g => g.Name == gate).Verdict);
        }

        Assert.All(gates, g => Assert.True(double.IsFinite(g.Figure ?? 0), $"{g.Name}: {g.Figure}"));
    }

    // The library's labels, each under the name of the other class.
    private ImportJob WrongOnEveryRow()
    {
        ImportFixture fixture = ImportFixture.Load("xgboost-binary");
        ImportJob job = fixture.Job(fixture.WriteHeldOut(_folder, ["1", "0"]));
        return job with { Spec = job.Spec with { Gates = new Dictionary<string, GateBounds> { ["class-recall"] = new() { Fail = 0.4 } } } };
    }

    private GateResult[] Failed(string name, string heldOutOf, IncumbentModel incumbent) =>
    [
        .. Assert.Throws<TrainingException>(() => Import(name, heldOutOf, incumbent)).Gates!.Where(g => g.Verdict is GateVerdict.Fail),
    ];

    private IncumbentModel Incumbent(string name, string heldOutOf)
    {
        TrainedModel model = Import(name, heldOutOf);
        return new IncumbentModel(model.Artifact, model.Card);
    }

    /// <param name="heldOutOf">Whose rows and answers are the held-out rows and their labels.</param>
    private TrainedModel Import(string name, string heldOutOf, IncumbentModel? incumbent = null) => Run(
        ImportFixture.Load(name).Job(ImportFixture.Load(heldOutOf).WriteHeldOut(_folder)) with { Incumbent = incumbent });

    private static TrainedModel Run(ImportJob job) => new ImportPipeline().Run(job, null, TestContext.Current.CancellationToken);
}
