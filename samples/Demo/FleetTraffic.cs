using System.Collections.Concurrent;
using Relay.Training.Data.Tables;
using Relay.Training.Export;
using Relay.Training.Packaging;
using Relay.Training.Simulation;
using Shared.Contracts.Http;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using Shared.Contracts.Reports;
using SimulatedFleet;

namespace Demo;

/// <summary>The rows that the nodes of the simulated fleet get, and what each version answers to them. The answers are real: each version's graph
/// runs on all rows once, and a node draws from them.</summary>
internal sealed class FleetTraffic
{
    /// <summary>Calls that a node gets between two reports.</summary>
    public const int CallsPerReport = 100;

    private const int Requests = 1_000;
    private const int Seed = 7;
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentDictionary<int, Lazy<int[]>> _labels = [];
    private readonly IReadOnlyList<DataColumn> _columns;
    private readonly ModelSchema _schema;
    private readonly int _rows;

    private FleetTraffic(ModelSchema schema, IReadOnlyList<DataColumn> columns, int rows) => (_schema, _columns, _rows) = (schema, columns, rows);

    /// <summary>Simulated requests for a model that reads those; else the rows of its golden vectors.</summary>
    /// <param name="artifact">A version of the model.</param>
    public static FleetTraffic Create(DemoModel model, byte[] artifact)
    {
        ArtifactDescription description = ArtifactInspector.Inspect(artifact, model.Spec.Name).ValueOrThrow();
        ModelSchema schema = description.Schema;
        if (!model.IsSimulated)
        {
            return new(schema, GoldenRowBuilder.Columns(description.Golden, schema), description.Golden.Rows);
        }

        float[][] rows =
            [.. FeatureRows.Ingest(new TrafficSimulator(Seed, Requests, Start, TimeSpan.FromHours(1)).Play()).Select(row => row.Features)];
        List<string> names = [.. HttpFeatureSchema.Names];
        return new(schema, [.. schema.Inputs.Select(input => new NumberColumn(input.Name, [.. rows.Select(row => row[names.IndexOf(input.Name)])]))],
            rows.Length);
    }

    /// <summary>The label that a version gives least often, and the share of the rows that get it.</summary>
    public (string Label, double Share) FindRarestLabel(int version, byte[] artifact)
    {
        (int index, int count) =
            LabelsOf(version, artifact).CountBy(label => label).Select(pair => (pair.Key, pair.Value)).MinBy(pair => (pair.Value, pair.Key));
        return (_schema.Classes[index], (double)count / _rows);
    }

    /// <summary>What a node did since its last report: the answers of the version that it runs to rows that it draws.</summary>
    public UsageFigures Answer(LightNode node, RunningModel model)
    {
        int[] labels = LabelsOf(model.Version, model.Artifact);
        long[] counts = new long[_schema.Classes.Count];
        for (int call = 0; call < CallsPerReport; call++)
        {
            counts[labels[Random.Shared.Next(_rows)]]++;
        }

        return new UsageFigures(CallsPerReport, Labels: BinCounts.FromBins(counts));
    }

    private int[] LabelsOf(int version, byte[] artifact) => _labels.GetOrAdd(version, _ => new Lazy<int[]>(() =>
    {
        using OnnxSession session = new(artifact, _schema);
        return session.Predict(_columns, _rows).Labels;
    })).Value;
}
