/** Choosing the picture of a group, and taking it away. */
import type { GroupChangesModel } from "../../state/group-changes.ts";

export interface PictureButtonsProps {
  readonly model: GroupChangesModel;
  readonly hasPicture: boolean;
}

export function PictureButtons({ model, hasPicture }: PictureButtonsProps) {
  return (
    <div class="button-row picture-buttons">
      <label class="secondary file-button">
        <input
          type="file"
          class="visually-hidden"
          accept="image/*"
          onChange={(event) => {
            model.choosePicture(event.currentTarget.files?.[0]);
            // The same file can be chosen again.
            event.currentTarget.value = "";
          }}
        />
        {hasPicture ? "Change picture" : "Choose picture"}
      </label>
      {hasPicture && (
        <button type="button" class="secondary" onClick={model.removePicture}>
          Remove picture
        </button>
      )}
    </div>
  );
}
