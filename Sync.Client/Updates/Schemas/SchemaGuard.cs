using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using Sync.Client.Scoring;
using Sync.Client.Storage;

namespace Sync.Client.Updates.Schemas;

/// <summary>Refuses versions whose schema does not fit what the app was built for, because rows would then be misread without a sign. The app
/// states the schema, or the node takes it from the first release that it accepts and keeps it over restarts.</summary>
/// <remarks>A damaged or missing file of kept schemas costs nothing: the release in the store, which the node accepted before, gives them again. A
/// store that cannot be written keeps them in memory. Updates call this one at a time; <see cref="SourceOf"/> may be called from any
/// thread.</remarks>
internal sealed class SchemaGuard
{
    private readonly NodeStore _store;
    private readonly Dictionary<string, StatedSchema> _stated;
    private readonly Dictionary<string, (StoredSchema Entry, ModelSchema Schema)> _kept = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Refusal> _refused = new(StringComparer.Ordinal);

    public SchemaGuard(RelaySyncOptions options, NodeStore store)
    {
        _store = store;
        _stated = options.Models.Distinct(StringComparer.Ordinal).ToDictionary(m => m, m => new StatedSchema(options, m), StringComparer.Ordinal);
        foreach (StoredSchema? entry in store.ReadSchemas())
        {
            if (entry?.Read() is { } schema)
            {
                _kept[entry.Model] = (entry, schema);
            }
            else
            {
                store.ReportDamagedSchema(entry?.Model);
            }
        }
    }

    /// <summary>The refusal of a version that the app was not built for; null where it fits.</summary>
    public Refusal? Check(PlannedModel model, ArtifactDescription described)
    {
        if (Find(model.Name, model.File.Path, described) is not { } refusal)
        {
            return null;
        }

        _refused[model.Sha256] = refusal;
        return refusal;
    }

    /// <summary>The refusal of a release of which a version was refused before, so that its files are not loaded again at each poll.</summary>
    public Refusal? FindRefused(PlannedRelease release) =>
        release.Models.Select(model => _refused.GetValueOrDefault(model.Sha256)).FirstOrDefault(refusal => refusal is not null);

    /// <summary>Keeps the schemas of a release that an update activated, where none are kept.</summary>
    public void KeepActivated(LoadedRelease release) => Keep(release, endsAcceptance: true);

    /// <summary>As <see cref="KeepActivated"/>, of a release that was active before: it is not the one that an operator waits for.</summary>
    public void KeepRestored(LoadedRelease release) => Keep(release, endsAcceptance: false);

    /// <summary>Writes the kept schemas again where the store lost them.</summary>
    public void WriteIfMissing()
    {
        if (_kept.Count > 0 && !_store.HasSchemas)
        {
            _store.WriteSchemasWhenPossible(_kept.Values.Select(kept => kept.Entry));
        }
    }

    /// <summary>Accepts the next release with another schema, and takes its schema instead.</summary>
    /// <returns>The models for which a schema is kept.</returns>
    /// <exception cref="IOException">The store cannot be written: all stays as it was.</exception>
    public IReadOnlyList<string> AcceptNext(string? model)
    {
        string[] accepted = [.. _kept.Keys.Where(name => model is null || model == name)];
        _store.WriteSchemas(_kept.Select(kept => kept.Value.Entry with
        {
            AcceptsNext = kept.Value.Entry.AcceptsNext || accepted.Contains(kept.Key),
        }));
        foreach (string name in accepted)
        {
            _kept[name] = (_kept[name].Entry with { AcceptsNext = true }, _kept[name].Schema);
        }

        _refused.Clear();
        return accepted;
    }

    /// <summary>What the app's schema of a model comes from.</summary>
    public SchemaSource SourceOf(string model) => _stated.GetValueOrDefault(model) switch
    {
        { AcceptsAny: true } => SchemaSource.Any,
        { HasRowTypes: true } => SchemaSource.RowType,
        { IsEmpty: false } => SchemaSource.Stated,
        _ => SchemaSource.FirstRelease,
    };

    private Refusal? Find(string model, string subject, ArtifactDescription described)
    {
        StatedSchema stated = _stated[model];
        if (stated.AcceptsAny)
        {
            return null;
        }

        if (stated.FindDifferences(described.Schema, described.SchemaHash) is { Count: > 0 } unlikeStated)
        {
            return new(
                RefusalReason.SchemaMismatch, subject,
                $"this app was built for another schema: {SchemaComparison.Join(unlikeStated)}. The active release stays. "
                + $"Deploy the app with the new schema in AddModel(\"{model}\", ...) to accept it");
        }

        if (stated.IsWhole || FindKept(model, stated) is not { Entry.AcceptsNext: false } kept)
        {
            return null;
        }

        IReadOnlyList<string> differences = FindDifferences(stated, kept.Schema, described.Schema);
        return differences.Count == 0
            ? null
            : new(
                RefusalReason.SchemaMismatch, subject,
                $"the schema differs from that of release {kept.Entry.Release}, for which this node took its app to be built: " +
                    $"{SchemaComparison.Join(differences)}. "
                + $"The active release stays. To accept it, {HowToAccept(model)}"
                + $"run 'relay-node schema accept {model}' on its store while it is stopped");
    }

    private static string HowToAccept(string model) => OptionNames.AreProperties
        ? $"deploy the app with the new schema in AddModel(\"{model}\", ...), or call SyncClient.AcceptNextSchemaAsync, or "
        : "";

    private static IReadOnlyList<string> FindDifferences(StatedSchema stated, ModelSchema kept, ModelSchema next) => stated.HasRowTypes
        ? SchemaComparison.FindDifferencesByName(kept, next)
        : SchemaComparison.FindDifferences(kept, next);

    // What was kept for an app that stated something else is given up: the app was built anew. A program that states nothing, such as
    // relay-node on the store of an app, takes what there is.
    private (StoredSchema Entry, ModelSchema Schema)? FindKept(string model, StatedSchema stated) =>
        _kept.TryGetValue(model, out (StoredSchema Entry, ModelSchema Schema) kept) && (stated.IsEmpty || stated.Digest == kept.Entry.Statement)
            ? kept
            : null;

    private void Keep(LoadedRelease release, bool endsAcceptance)
    {
        bool changed = false;
        foreach ((string model, ModelScorer scorer) in release.Scorers)
        {
            StatedSchema stated = _stated[model];
            ModelSchema schema = scorer.Version.Schema;
            (StoredSchema Entry, ModelSchema Schema)? kept = FindKept(model, stated);
            bool isOther = kept is { } found && FindDifferences(stated, found.Schema, schema).Count > 0;
            if (!stated.IsWhole && (kept is null || (kept.Value.Entry.AcceptsNext && endsAcceptance && isOther)))
            {
                string statement = stated.IsEmpty && kept is { } before ? before.Entry.Statement : stated.Digest;
                _kept[model] = (StoredSchema.Create(model, schema, release.Number, statement), schema);
                changed = true;
            }
        }

        if (!changed)
        {
            return;
        }

        _refused.Clear();
        _store.WriteSchemasWhenPossible(_kept.Values.Select(kept => kept.Entry));
    }
}
