namespace Shared.Contracts;

/// <summary>The reason why a check refused its subject. It is a value, because a refusal is an expected outcome. Its texts quote what
/// others sent and are shown to people in many places, so that they are escaped here, once (<see cref="DisplayText"/>).</summary>
/// <param name="Subject">The file, role or model that was refused.</param>
/// <param name="Detail">One line for people; programs read <paramref name="Reason"/>.</param>
public sealed record Refusal(RefusalReason Reason, string Subject, string Detail)
{
    /// <summary>The file, role or model that was refused.</summary>
    public string Subject { get; init => field = DisplayText.Escape(value); } = DisplayText.Escape(Subject);

    /// <summary>One line for people; programs read <see cref="Reason"/>.</summary>
    public string Detail { get; init => field = DisplayText.Escape(value); } = DisplayText.Escape(Detail);

    /// <summary>Throws where there is a refusal: for callers that check their own repository, where a refusal means damage.</summary>
    /// <exception cref="InvalidDataException"><paramref name="refusal"/> is not null.</exception>
    public static void ThrowIfRefused(Refusal? refusal)
    {
        if (refusal is not null)
        {
            throw new InvalidDataException($"The repository does not verify: {refusal.Reason} of {refusal.Subject}, {refusal.Detail}.");
        }
    }
}

/// <summary>All reasons for which a node refuses, and what is wrong with the node itself. The names are stable: check-ins carry them, and a
/// relay keeps those that it does not know. New ones are added at the end.</summary>
public enum RefusalReason
{
    // Metadata (TUF)
    MetadataMalformed,
    MetadataTooLarge,
    MetadataWrongType,
    MetadataSignature,
    MetadataRollback,
    MetadataVersionMismatch,
    MetadataHashMismatch,
    MetadataExpired,
    MetadataMissing,
    TooManyRootRotations,

    // Content of the metadata
    UnlistedTarget,
    ReleaseMalformed,
    ReleaseBelowMinimum,
    ArtifactRevoked,

    // Files that the metadata lists
    ArtifactTooLarge,
    ArtifactLengthMismatch,
    ArtifactHashMismatch,
    SignatureFileMismatch,
    CmsMalformed,
    CmsSignature,
    CmsUntrustedSigner,
    CmsTimestamp,

    // Transport
    TransportUnavailable,
    TransportTooSlow,
    TransportForbiddenRedirect,

    /// <summary>A bundle is not in the format of bundles.</summary>
    BundleMalformed,

    // Try-out
    OnnxMalformed,
    OnnxForbidden,
    SchemaMismatch,
    ScorerUnavailable,
    GoldenVectorMismatch,
    TryOutTooSlow,
    TryOutTooLarge,

    /// <summary>On real calls, its answers differed from those of the active version more often than the node allows.</summary>
    ShadowDisagreement,

    /// <summary>The signatures may suffice, but this system cannot verify the scheme of some of them.</summary>
    MetadataSchemeUnsupported,

    /// <summary>The relay does not take the node's check-ins.</summary>
    CheckInRefused,

    // The node itself

    /// <summary>Another process has the node's store open.</summary>
    StoreInUse,

    /// <summary>The node may not write its store.</summary>
    StoreReadOnly,

    /// <summary>The disk of the node's store is full.</summary>
    StoreFull,

    /// <summary>The node's store cannot be made, read or written for another cause.</summary>
    StoreUnavailable,

    /// <summary>A file of the node's store is not what the node wrote.</summary>
    StoreDamaged,

    /// <summary>The installation's trusted root cannot be read, or does not verify.</summary>
    TrustedRootInvalid,

    /// <summary>An update ended with an exception that nothing here expects; the log has it.</summary>
    UnexpectedError,

    // Metadata again, since the list only grows at its end

    /// <summary>Metadata are valid for longer than relays sign for: a clock is or was wrong.</summary>
    MetadataExpiryTooFar,

    // The node at its relay

    /// <summary>The relay does not know the node's key, and the node has no token by which it takes it.</summary>
    EnrollmentRefused,

    /// <summary>The relay does not accept the node's key or its signatures.</summary>
    NodeKeyRefused,

    /// <summary>The relay's operator banned the node.</summary>
    NodeBanned,

    // Versions again

    /// <summary>The signed test result of a version lacks a gate that the node requires.</summary>
    GateNotPassed,

    // The node at its relay, again

    /// <summary>The relay does not take rows or labels of the node for a dataset.</summary>
    SamplesRefused,
}
