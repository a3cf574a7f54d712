using System.Globalization;
using System.Text;

namespace Relay.WebConsole.Fleet;

/// <summary>Reasons of refusals in words. Nodes of later versions may know more reasons: those are spelled out and get no advice.</summary>
internal static class RefusalText
{
    private static readonly (string Prefix, string Advice)[] Advices =
    [
        ("MetadataExpir", "Check the clock of the node and that of the relay; relay doctor says what the relay's metadata are."),
        ("Metadata", "The node got other metadata than this relay signs, or older ones: check what stands between them, then the node's root.json."),
        ("TooManyRoot", "The node is many root rotations behind: give it the present root.json."),
        ("UnlistedTarget", "The signed metadata do not list the file: release the version again."),
        ("ReleaseBelowMinimum", "The policy forbids this release: release a newer one on the channel."),
        ("ArtifactRevoked", "The version is revoked: release another one on the channel."),
        ("Release", "The release does not read: it was made by a later version of the relay, or was altered."),
        ("Artifact", "The file is not the one that was signed: check mirrors and proxies between the node and the relay."),
        ("SignatureFile", "The signature is not that of the file: check mirrors and proxies between the node and the relay."),
        ("Cms", "The node does not accept who signed the model: check its trust anchors, and the time stamp where it asks for one."),
        ("Transport", "The node does not reach the relay: check network, proxy and the certificate of the relay."),
        ("Bundle", "The bundle is damaged: make it again."),
        ("SchemaMismatch", "The app calls the model with other inputs: deploy the app that fits, or release a version with the old inputs."),
        ("GoldenVector", "The version answers otherwise here than where it was trained: keep it off this hardware, or train it again."),
        ("TryOut", "The version needs more time or memory than the node allows: train a smaller one, or raise the limits of the node."),
        ("Scorer", "The node lacks an engine for this model: update its library, or install the engine."),
        ("Onnx", "The model does not load: update the library of the node, or train it again."),
        ("Shadow", "On real calls the version answered otherwise than the active one: compare the two, and release another one."),
        ("GateNotPassed", "The node asks for a gate that the version did not pass: train a version that does."),
        ("Store", "The store of the node cannot be used: check its disk and permissions."),
        ("TrustedRoot", "The node's root.json does not verify: give it the one of this relay."),
        ("EnrollmentRefused", "The relay does not know the key of the node: make an enrollment token, and start the node with it."),
        ("NodeKey", "The relay does not accept the key of the node: remove the node here, and enroll it again."),
        ("NodeBanned", "The node is banned: end the ban to accept it again."),
        ("CheckIn", "The relay did not take the node's report: the log of the node says why."),
        ("Samples", "The relay does not take rows or labels of the node: see the log of the node."),
        ("Unexpected", "This is a defect: the log of the node has it."),
    ];

    /// <summary>Such as "Golden vector mismatch".</summary>
    public static string Describe(string reason)
    {
        StringBuilder words = new();
        foreach (char c in reason)
        {
            words.Append(char.IsAsciiLetterUpper(c) && words.Length > 0 ? $" {char.ToLowerInvariant(c)}" : $"{c}");
        }

        return words.ToString();
    }

    /// <summary>What to do, in a sentence; empty for a reason of a later version.</summary>
    public static string Advise(string reason) =>
        Advices.FirstOrDefault(advice => reason.StartsWith(advice.Prefix, StringComparison.Ordinal)).Advice ?? "";

    /// <summary>As commands take it.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
