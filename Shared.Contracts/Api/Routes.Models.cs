namespace Shared.Contracts.Api;

// Of models and their versions.
public static partial class Routes
{
    /// <summary>GET of a <see cref="ModelView"/>, PUT of a <see cref="Shared.Contracts.Models.ModelSpec"/>.</summary>
    public static string ModelOf(string model) => $"{Models}/{Uri.EscapeDataString(model)}";

    /// <summary>POST: the model takes no training and no release from then on. Answers with a <see cref="ModelView"/>.</summary>
    public static string ArchiveOf(string model) => $"{ModelOf(model)}/archive";

    /// <summary>POST: ends that. Answers with a <see cref="ModelView"/>.</summary>
    public static string RestoreOf(string model) => $"{ModelOf(model)}/restore";

    /// <summary>GET of the <see cref="VersionView"/> of each version of a model, the newest first.</summary>
    public static string VersionsOf(string model) => $"{ModelOf(model)}/versions";

    /// <summary>GET of a <see cref="VersionDetail"/>.</summary>
    public static string VersionOf(string model, int version) => $"{VersionsOf(model)}/{version}";

    /// <summary>POST of a model file as application/octet-stream, with the query parameters file, test and optionally output, accept and reason
    /// (gates), and the headers <see cref="ModelSignatureHeader"/> and <see cref="GiverHeader"/> where the giver signed it;
    /// answers with a <see cref="TrainingRun"/>.</summary>
    public static string ImportOf(string model) => $"{ModelOf(model)}/import";

    /// <summary>GET of the model card of a version.</summary>
    /// <param name="form">json, html or md.</param>
    public static string CardOf(string model, int version, string form) => $"{VersionOf(model, version)}/card.{form}";

    /// <summary>GET of the <see cref="AliasView"/> of each alias of a model.</summary>
    public static string AliasesOf(string model) => $"{ModelOf(model)}/aliases";

    /// <summary>GET of an <see cref="AliasView"/>, with <c>at</c> of what it was then; PUT of an <see cref="AliasRequest"/>, DELETE. With /history:
    /// GET of each <see cref="AliasChange"/>.</summary>
    public static string AliasOf(string model, string alias) => $"{AliasesOf(model)}/{Uri.EscapeDataString(alias)}";

    /// <summary>GET of the <see cref="TagView"/> of each tag.</summary>
    /// <param name="version">Null: the tags of the model itself.</param>
    public static string TagsOf(string model, int? version) => $"{(version is { } number ? VersionOf(model, number) : ModelOf(model))}/tags";

    /// <summary>PUT of a <see cref="TagRequest"/>, DELETE.</summary>
    /// <param name="version">Null: a tag of the model itself.</param>
    public static string TagOf(string model, int? version, string key) => $"{TagsOf(model, version)}/{Uri.EscapeDataString(key)}";

    /// <summary>GET of a <see cref="NoteView"/>, PUT of a <see cref="NoteRequest"/>, DELETE.</summary>
    /// <param name="version">Null: the note of the model itself.</param>
    public static string NoteOf(string model, int? version) => $"{(version is { } number ? VersionOf(model, number) : ModelOf(model))}/note";

    /// <summary>GET of a <see cref="VersionComparison"/>.</summary>
    /// <param name="with">The version that it is compared with.</param>
    public static string ComparisonOf(string model, int version, int with) =>
        $"{VersionOf(model, version)}/compare?with={with}";

    /// <summary>GET of the <see cref="VersionFileView"/> of each file of a version, published or not; with a name after it: of its bytes.</summary>
    public static string FilesOf(string model, int version) => $"{VersionOf(model, version)}/files";

    /// <summary>GET of a CycloneDX document: what a version was made of.</summary>
    public static string BomOf(string model, int version) => $"{VersionOf(model, version)}/bom";

    public static string RevokeOf(string model, int version) => $"{VersionOf(model, version)}/revoke";
}
