namespace Shared.Contracts.Models;

/// <summary>Where an imported version came from and how it was proved.</summary>
public sealed record ImportSummary
{
    /// <summary>The form of the file: <c>onnx</c>, <c>xgboost-json</c>, <c>lightgbm-text</c>, or <c>relay</c> for a
    /// file that training without a relay wrote.</summary>
    public required string Format { get; init; }

    /// <summary>The name of the file, without folders.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public required long SizeBytes { get; init; }

    /// <summary>The number of thresholds of the file's trees.</summary>
    public required long Thresholds { get; init; }

    /// <summary>How many of them are no float32: rows of float32 fall as in the source, doubles next to such a threshold may not.</summary>
    public required long RoundedThresholds { get; init; }

    /// <summary>Rows at every threshold, one float32 to each side, and with missing, zero and infinite values, on which each tree alone reached
    /// the source's leaf. 0 where the trees were not converted.</summary>
    public required long TreeRows { get; init; }

    /// <summary>Rows at thresholds and of extreme values on which the whole file gave the source's answers.</summary>
    public required long ThresholdRows { get; init; }

    /// <summary>Held-out rows on which it did.</summary>
    public required long GivenRows { get; init; }

    /// <summary>Largest difference of an answer on all these rows: absolute for numbers up to 1, relative for larger ones.</summary>
    public required double MaxAbsDiff { get; init; }

    /// <summary>Whether the managed scorer gave ONNX Runtime's bits on all these rows; false where it does not run the model.</summary>
    public required bool ComparedManagedScorer { get; init; }

    /// <summary>Whose signature over the file was verified; null where it came without one.</summary>
    public ImportSigner? Signer { get; init; }
}

/// <summary>The giver of a file, as an OpenSSF model signature proves it.</summary>
/// <param name="KeySha256">SHA-256 of the public key in DER, lower-case hexadecimal.</param>
/// <param name="Subject">Of the certificate; null where a bare key signed.</param>
public sealed record ImportSigner(string KeySha256, string? Subject = null);
