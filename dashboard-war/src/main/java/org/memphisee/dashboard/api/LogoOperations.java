package org.memphisee.dashboard.api;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

import org.memphisee.core.settings.CompanyLogo;

/** The picture of the company, as dashboards show it in a corner (management-api.md M-011 to M-013). */
final class LogoOperations {

    /** What a form has besides its file, bytes. */
    private static final int FORM = 16 << 10;
    /** Largest form, bytes. */
    static final int MAX_FORM = CompanyLogo.MAX_BYTES + FORM;

    List<Operation> all() {
        return List.of(Operation.put("usermgmt/editCompanyLogo", LogoOperations::edit).withBody(MAX_FORM),
            Operation.delete("usermgmt/removeCompanyLogo", LogoOperations::remove),
            Operation.get("usermgmt/getCompanyLogo", LogoOperations::image));
    }

    private static JsonNode edit(Call call) {
        UploadedFile file = call.requiredFile("file");
        if (!file.endsWith(".png", ".jpg", ".jpeg")) {
            throw ApiFailure.showable("You can upload only png,jpg or jpeg file formats");
        }
        SettingOperations.requireAll(call);
        Waiting.await(call.engine().runtime().logo().put(call.author(), file.bytes()));
        return image(call);
    }

    private static JsonNode remove(Call call) {
        SettingOperations.requireAll(call);
        Waiting.await(call.engine().runtime().logo().remove(call.author()));
        return Texts.object();
    }

    private static JsonNode image(Call call) {
        return Texts.object().put("image", call.engine().runtime().logo().uri());
    }
}
